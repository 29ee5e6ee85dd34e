"""A poll as its organiser reads it: what it asks, whom it reaches, how it goes. Counts come as this reader may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.facts import Facts
from flows.messages import BLANK, Day, Lines, Listing, Moment, Msg, Name, Text, Told, _, _n, lines, shortened
from flows.poll_facts import (
    NOT_REACHED,
    QUESTION_KINDS,
    Draft,
    Figure,
    PollContent,
    PollQuestion,
    Progress,
    Reached,
    ReachLine,
)

SHORT = 40  # letters of a question where all are listed
FEW = 4  # questions that are listed on the first screen; more have a page of their own
MISSING_SHOWN = 4  # groups that are missing, told at once

AUDIENCE_WORDS: Mapping[str, Msg] = {
    "region": _("Province"),
    "municipality": _("Municipality"),
    "landlord": _("Landlord"),
    "block": _("Block"),
    "group": _("Members of a group"),
    "language": _("Language"),
    "meeting": _("Who came to a meeting"),
}
MISSING: Mapping[str, Msg] = {
    "why": _("why you ask it"),
    "use": _("what you do with the answers"),
    "questions": _("a question"),
    "closes": _("until when people can answer"),
}
STEPS: Mapping[str, Msg] = {
    "poster": _("Hang up a poster with the QR code."),
    "doorstep": _("Ring a few doorbells with the phone in your hand."),
    "caller": _("Ask someone who speaks the language to call a few people."),
    "nothing": _("Nothing to do."),
}


def count(figure: Figure) -> Text:
    """Say a count as this reader may see it."""
    if figure.value is None:
        return _("fewer than 10")
    return Name(str(figure.value)) if figure.exact else _("about {n}", n=figure.value)


def cut(texts: Mapping[str, str], most: int) -> Told:
    """Shorten a text of an organiser, in every language."""
    return Told({code: shortened(text, most) for code, text in texts.items()})


def title(draft: Draft) -> Msg:
    """Give the title, to stand at the top."""
    return _("🗳️ <b>{title}</b>", title=Told(draft.content.title))


def asker(draft: Draft) -> Msg:
    """Say who asks."""
    return _("Asked by: {asker}", asker=Name(draft.asker)) if draft.asker else _("Asked by: the whole network")


def question_line(n: int, question: PollQuestion) -> Msg:
    """Give one question on one line, with its kind."""
    kind = QUESTION_KINDS.get(question.kind, Name(question.kind))
    return _("{n}. {question} ({kind})", n=n, question=cut(question.text, SHORT), kind=kind)


def question_lines(content: PollContent) -> tuple[Msg, ...]:
    """List the questions."""
    return tuple(question_line(n, question) for n, question in enumerate(content.questions, 1))


def how_many(content: PollContent) -> Msg | None:
    """Say how many questions there are, and how long they take."""
    if not content.questions:
        return None
    long = minutes(content)
    several = _n(
        "{many} questions, about one minute", "{many} questions, about {n} minutes", n=long, many=len(content.questions)
    )
    return several if len(content.questions) > 1 else _("One question, less than a minute")


def question_whole(question: PollQuestion) -> Iterator[Text]:
    """Give a question as it stands, with its answers below it."""
    yield _("<b>{question}</b>", question=Told(question.text))
    yield QUESTION_KINDS.get(question.kind, Name(question.kind))
    for option in question.options:
        yield _("• {option}", option=Told(option.text))
    if question.kind == "number":
        yield _("From {low} to {high}", low=question.low, high=question.high)


def value_name(facts: Facts, key: str, id: str) -> Name:
    """Give what an audience is chosen by, as people read it."""
    if key == "language":
        return Name(facts.languages.get(id, id))
    return Name(dict(facts.choices.get(key, ())).get(id, id))


def audience(facts: Facts, content: PollContent) -> Iterator[Text]:
    """Say to whom it goes."""
    if not content.audience:
        yield _("👥 To everyone who wants polls")
    for key, id in content.audience.items():
        yield _("👥 {what}: {which}", what=AUDIENCE_WORDS.get(key, Name(key)), which=value_name(facts, key, id))
    if content.rested:
        yield _("Not to who was asked in the last seven days")


def times(content: PollContent) -> Iterator[Text]:
    """Say from when and until when people can answer."""
    if content.opens:
        yield _("▶️ Starts: {when}", when=Moment(content.opens))
    if content.closes:
        yield _("⏰ Until: {when}", when=Moment(content.closes))


def missing(draft: Draft) -> Msg | None:
    """Say what must still be there before it can go out."""
    parts = tuple(MISSING[part] for part in draft.missing())
    return _("❗ Still missing: {parts}.", parts=Listing(parts)) if parts else None


def gaps(facts: Facts, draft: Draft) -> Mapping[str, int]:
    """Count the missing texts of each language that people of the audience read, but Dutch."""
    read = draft.reached.languages if draft.reached else ()
    wanted = {code: name for code, name in facts.languages.items() if code in read and code != "nl"}
    return draft.content.gaps(wanted)


def gap_lines(facts: Facts, draft: Draft) -> Iterator[Text]:
    """Say which languages miss how many texts."""
    for code, n in gaps(facts, draft).items():
        name = Name(facts.languages[code])
        yield _n("🌍 {language}: one text is missing", "🌍 {language}: {n} texts are missing", n=n, language=name)


def minutes(content: PollContent) -> int:
    """Give how many minutes it takes to answer: about 20 seconds a question, 40 in one's own words."""
    seconds = sum(40 if question.kind == "text" else 20 for question in content.questions)
    return max(1, -(-seconds // 60))


def reached_lines(reached: Reached) -> Iterator[Text]:
    """Say how many people it reaches, how many not, and why."""
    yield _("In this audience: {count}", count=count(reached.audience))
    yield _("📨 They get it: {count}", count=count(reached.reached))
    for reason in reached.reasons:
        why = NOT_REACHED.get(reason.code, Name(reason.code))
        yield _("• {count} {why}", count=count(reason.count), why=why)


def draft_screen(facts: Facts, draft: Draft) -> Lines:
    """Show a draft: what there is, and what is missing."""
    content = draft.content
    return lines(
        title(draft),
        asker(draft),
        _("↩️ It came back: “{why}”", why=Name(shortened(draft.back, 200))) if draft.back else None,
        BLANK,
        *(question_lines(content) if len(content.questions) <= FEW else ()),
        how_many(content),
        BLANK,
        *audience(facts, content),
        _("📨 They get it: {count}", count=count(draft.reached.reached)) if draft.reached else None,
        *times(content),
        _("🔒 An answer cannot be changed later") if content.secret else None,
        missing(draft),
    )


def progress_lines(draft: Draft, progress: Progress) -> Iterator[Text]:
    """Say how an open poll goes."""
    yield _("Asked: {count}", count=count(progress.asked))
    yield _("Delivered: {count}", count=count(progress.delivered))
    if draft.sending:
        yield _("Still to be sent: {count}", count=count(progress.waiting))
        if progress.ends:
            yield _("The last message goes out at about {when}.", when=Moment(progress.ends))
    if progress.failed.value:
        yield _("Did not arrive: {count}", count=count(progress.failed))
    yield _("✅ Answered all: {count}", count=count(progress.answered))
    yield _("◐ Answered in part: {count}", count=count(progress.partly))
    if draft.stopped:
        yield _("🛑 The sending was stopped. Who has it can still answer.")
    if not progress.asked.exact:
        yield _("Counts under 10 are not shown. They are renewed once a day.")


def response(progress: Progress | None) -> Msg | None:
    """Say in one line how many were asked and answered."""
    if progress is None:
        return None
    asked, answered, partly = count(progress.asked), count(progress.answered), count(progress.partly)
    return _(
        "Asked: {asked}. Answered all: {answered}. In part: {partly}.", asked=asked, answered=answered, partly=partly
    )


def region_lines(progress: Progress) -> Iterator[Text]:
    """Say how many answered in each region, of how many who were asked."""
    for region, asked, answered in progress.regions:
        place = Name(region)
        yield _("📍 {region}: {answered} of {asked}", region=place, answered=count(answered), asked=count(asked))


def missing_groups(facts: Facts, progress: Progress) -> Iterator[Text]:
    """Say which groups are missing, and the cheapest thing to do about each."""
    for line in progress.reach[:MISSING_SHOWN]:
        yield from missing_group(facts, line)


def missing_group(facts: Facts, line: ReachLine) -> Iterator[Text]:
    """Say how far a group is reached, and what could be done."""
    what, which = AUDIENCE_WORDS.get(line.kind, Name(line.kind)), value_name(facts, line.kind, line.name)
    yield _("<b>{what}: {which}</b>", what=what, which=which)
    if line.dwellings:
        yield _(
            "{answered} answered. I know {known} people for {dwellings} homes.",
            answered=count(line.answered),
            known=count(line.known),
            dwellings=line.dwellings,
        )
    else:
        yield _("{answered} answered of {known} people.", answered=count(line.answered), known=count(line.known))
    yield _("👉 {step}", step=STEPS.get(line.step, STEPS["nothing"]))


def news_lines(draft: Draft) -> Iterator[Text]:
    """Say what people were told last of what is done with a poll."""
    if not draft.news:
        return
    last = max(draft.news, key=lambda news: news.round)
    text = cut(last.text, 300)
    yield _("What you told: “{text}”", text=text) if last.done else _("Nothing yet, you told: “{text}”", text=text)
    if draft.ask_again:
        yield _("I ask you again on {day}.", day=Day(draft.ask_again))


def useful_line(draft: Draft) -> Msg | None:
    """Say how many people found the result useful, once there is a figure to show."""
    if draft.useful is None:
        return None
    up, down = draft.useful
    if up.value is None and down.value is None:
        return None
    return _("👍 {up} found it useful, 👎 {down} did not.", up=count(up), down=count(down))
