"""How a poll is told to who answers it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from flows.facts import Facts
from flows.messages import BLANK, Day, Lines, Moment, Msg, Name, Text, Told, _, _n, lines, shortened, units
from flows.poll_facts import FACES, SKIP, Poll, PollQuestion
from flows.poll_kinds import RATHER_NOT
from flows.poll_steps import Step

BRIEF = 40, 110  # letters of the reason, and of the use, on the first screen; the rest is a tap away
FIRST = 330  # letters for all that an organiser wrote there, so that it is no wall of text
WHOLE = 4000  # letters: more than any text has
SECONDS, SECONDS_TO_WRITE = 20, 40  # that a question takes, about

FACE_WORDS: Mapping[str, Msg] = {
    "5": _("😀 Very good"),
    "4": _("🙂 Good"),
    "3": _("😐 So-so"),
    "2": _("🙁 Bad"),
    "1": _("😢 Very bad"),
}


def labels(question: PollQuestion) -> dict[str, Text]:
    """Give the answers that can be tapped, as people read them."""
    match question.kind:
        case "yesno":
            return {"yes": _("👍 Yes"), "no": _("👎 No")}
        case "faces":
            return {face: FACE_WORDS[face] for face in FACES}
        case "number":
            return {value: Name(value) for value in question.option_ids}
        case _:
            return {option.id: Told(option.text) for option in question.options}


def label(question: PollQuestion, option: str) -> Text:
    """Give one answer as people read it, "rather not say" too."""
    if option == SKIP:
        return RATHER_NOT
    return _("In their own words") if option == "written" else labels(question).get(option, Name(option))


def prompt(facts: Facts, poll: Poll, step: Step, question: PollQuestion) -> Lines:
    """Tell all that stands above the buttons of a question."""
    first = question == poll.content.questions[0]
    texts = (*(intro_texts(poll) if first else ()), *texts_of(question))
    return lines(
        *whose(step),
        *(intro(poll) if first else ()),
        place(poll, question),
        untranslated(facts, *texts),
        _("<b>{title}</b>", title=Told(question.text)),
        _("You may tap more than one answer.") if question.kind == "several" else None,
        *((BLANK, why_this(facts)) if first and unasked(facts, poll, step) else ()),
    )


def whose(step: Step) -> Iterator[Text]:
    """Say that it is a test copy, or the turn of someone else at home."""
    if step.trial:
        yield _("🧪 This is a test copy. I keep none of your answers.")
    if step.number == 2:
        yield _("👥 Second person at home")


def place(poll: Poll, question: PollQuestion) -> Msg:
    """Say which question this is."""
    number = poll.content.questions.index(question) + 1
    return _("Question {n} of {all}", n=number, all=len(poll.content.questions))


def intro(poll: Poll) -> Iterator[Text]:
    """Tell what a poll is, before its first question."""
    content = poll.content
    yield _("🗳️ <b>{title}</b>", title=Told(content.title))
    yield BLANK
    yield asks(poll)
    yield from reasons(poll, brief(poll))
    yield BLANK
    minutes = about_minutes(content.questions)
    yield _n("It takes about one minute.", "It takes about {n} minutes.", n=minutes)
    if content.closes:
        yield _("You can answer until {when}. After that I send you the result.", when=Moment(content.closes))
    yield secrecy(poll)
    yield BLANK


def asks(poll: Poll) -> Msg:
    """Say who asks, and how much."""
    many = len(poll.content.questions)
    return _n("{asker} asks you one question.", "{asker} asks you {n} questions.", n=many, asker=Name(poll.asker))


def reasons(poll: Poll, most: int = WHOLE) -> Iterator[Text]:
    """Say why it is asked and what is done with it, each in so many letters."""
    if most and poll.content.why:
        yield _("Why: {why}", why=cut(poll.content.why, most))
    if most and poll.content.use:
        yield _("What is done with it: {use}", use=cut(poll.content.use, most))


def cut(texts: Mapping[str, str], most: int) -> Told:
    """Shorten what an organiser wrote, in every language."""
    return Told({code: shortened(text, most) for code, text in texts.items()})


def brief(poll: Poll) -> int:
    """Give how many letters the reason may have on the first screen, beside the title and the first question: none where
    only a few words would fit."""
    told = (poll.content.title, poll.content.questions[0].text)
    longest = sum(max(map(units, texts.values()), default=0) for texts in told)
    least, most = BRIEF
    room = min(most, (FIRST - longest) // 2)
    return room if room >= least else 0


def is_cut(poll: Poll) -> bool:
    """Tell whether the first screen leaves something out."""
    return tuple(reasons(poll, brief(poll))) != tuple(reasons(poll))


def secrecy(poll: Poll) -> Msg:
    """Say in one line who can see an answer."""
    if poll.content.secret:
        return _("🔒 Nobody sees who answered what, not even we. In this poll you cannot change an answer.")
    if poll.content.closes is None:
        return _("🔒 Nobody sees who answered what.")
    day = Day(poll.content.closes.date())
    return _("🔒 Nobody sees who answered what. After {day} nobody can find your answer again, not even we.", day=day)


def about_minutes(questions: tuple[PollQuestion, ...]) -> int:
    """Give how many minutes it takes to answer, at least one."""
    seconds = sum(SECONDS_TO_WRITE if question.kind == "text" else SECONDS for question in questions)
    return max(1, -(-seconds // 60))


def unasked(facts: Facts, poll: Poll, step: Step) -> bool:
    """Tell whether this may have come unasked: then it says why, and how to pause. A test copy shows that too; a second
    person at home asked for it."""
    return step.trial or (step.number == 1 and poll.asked and "polls" in facts.person.consents)


def why_this(facts: Facts) -> Msg:
    """Say why this message came, and how many came this month. The one that is read counts."""
    return _("You get this because you want polls. It is message {n} this month.", n=max(1, facts.this_month))


def intro_texts(poll: Poll) -> tuple[Mapping[str, str], ...]:
    """Give what an organiser wrote above the first question."""
    return (poll.content.title, poll.content.why, poll.content.use)


def texts_of(question: PollQuestion) -> tuple[Mapping[str, str], ...]:
    """Give what an organiser wrote of a question."""
    return (question.text, *(option.text for option in question.options))


def untranslated(facts: Facts, *texts: Mapping[str, str]) -> Msg | None:
    """Mark texts that are shown in another language than the person's own."""
    own = facts.person.language or facts.person.phone_language
    missing = [text for text in texts if text and not text.get(own)]
    if not missing:
        return None
    if all(text.get("nl") for text in missing):
        return _("⚠️ This is not translated into your language yet. Here it is in Dutch.")
    return _("⚠️ This is not translated into your language yet. Here it is in another language.")


def no_answer(poll: Poll, now: datetime) -> Lines | None:
    """Say kindly why a poll takes no answer from this person; None when it does."""
    title = Told(poll.content.title)
    closes, opens = poll.content.closes, poll.content.opens
    if poll.state == "soon":
        return lines(
            _("🗳️ “{title}” opens on {when}.", title=title, when=Moment(opens))
            if opens
            else _("🗳️ “{title}” opens later.", title=title),
            _("Then you can answer here."),
        )
    if poll.state == "cancelled":
        return lines(_("🗳️ “{title}” does not go on.", title=title), _("Thank you for wanting to answer."))
    if poll.state == "closed":
        return lines(
            _("🔒 “{title}” closed on {day}.", title=title, day=Day(closes.date()))
            if closes and closes <= now
            else _("🔒 “{title}” is closed.", title=title),
            _("Your answers count. Thank you! I send you the result.")
            if poll.members
            else _("Thank you for wanting to answer. You can answer the next one."),
        )
    return None if poll.may_answer else elsewhere(poll)


def elsewhere(poll: Poll) -> Lines:
    """Say what a poll is about, and for whom it is, to someone it is not for."""
    audience = poll.content.audience
    where = audience.get("municipality") or audience.get("region")
    return lines(
        _("🗳️ <b>{title}</b>", title=Told(poll.content.title)),
        asks_others(poll),
        *reasons(poll, brief(poll)),
        BLANK,
        _("This poll is for tenants in {place}. So you cannot answer it.", place=Name(where))
        if where
        else _("This poll is for other tenants. So you cannot answer it."),
        _("Did you move? Change it in “My data”."),
    )


def asks_others(poll: Poll) -> Msg:
    """Say who asks, to someone who is not asked."""
    return _("{asker} asks this.", asker=Name(poll.asker))
