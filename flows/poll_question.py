"""The questions of a poll: make one, see it, change it, move it, throw it away."""

from __future__ import annotations

from dataclasses import replace

from flows import draft_texts as texts
from flows.drafting import LIMITS, MOST_QUESTIONS, editable, print_of, question_of
from flows.maker_kinds import FEWEST, MOST, OPTION_UNITS, Answers, Bounds, Written
from flows.messages import BLANK, Lines, Name, Text, _, lines
from flows.plain_texts import Checked, ask_plain
from flows.poll_changes import SavePoll
from flows.poll_facts import QUESTION_KINDS, Draft, PollContent, PollOption, PollQuestion, with_question, without
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

WITH_OPTIONS = ("choice", "several")
SIGNS = {"yesno": "👍", "choice": "🔘", "several": "☑️", "faces": "😀", "number": "🔢", "text": "✍️"}
EXAMPLES: dict[str, Text] = {
    "yesno": _("For example: Do you know the new rules for waste?"),
    "choice": _("For example: How often must the bins be emptied?"),
    "several": _("For example: What do you use in the building?"),
    "faces": _("For example: How do you like the stairs?"),
    "number": _("For example: How many times did you call in the last year?"),
    "text": _("For example: What would you change?"),
}


@flow(title=_("A question of a poll"), knows=("scopes", "draft"))
async def poll_question(talk: Talk) -> Done:
    """Make a question: kind, words, answers. The subject is the poll, and after a colon the question it comes instead of."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    old = question_of(found.content, talk.subject.partition(":")[2])
    if old is None and len(found.content.questions) >= MOST_QUESTIONS:
        return Done(then=Go("draft", found.id, say=_("A poll has at most 7 questions. This one is full.")))
    number = found.content.questions.index(old) + 1 if old else len(found.content.questions) + 1
    kind = await talk.ask("kind", _("Question {n}: how do people answer?", n=number), Choice(kinds(), columns=2))
    checked = await ask_plain(talk, "text", asked(kind, old), kind="question", words=Written(most=LIMITS["question"]))
    question = PollQuestion(old.id if old else new_id(found.content), kind, {"nl": checked.text})
    overridden = checked.overridden
    if kind in WITH_OPTIONS:
        listed = await ask_answers(talk, old)
        question, overridden = replace(question, options=options(listed.text, old)), overridden + listed.overridden
    if kind == "number":
        low, high = await talk.ask("bounds", _("From which to which number can people answer?"), Bounds())
        question = replace(question, low=low, high=high)
    content = with_question(found.content, question)
    return Done(
        SavePoll(found.id, found.revision, content, overridden), then=Go("poll_more", f"{found.id}:{question.id}")
    )


def kinds() -> dict[str, Text]:
    """Give the kinds of question, each with its sign."""
    return {id: _("{sign} {kind}", sign=Name(SIGNS[id]), kind=kind) for id, kind in QUESTION_KINDS.items()}


def new_id(content: PollContent) -> str:
    """Give an id that no question of the poll has."""
    taken = {question.id for question in content.questions}
    return next(f"q{n}" for n in range(1, len(taken) + 2) if f"q{n}" not in taken)


def asked(kind: str, old: PollQuestion | None) -> Lines:
    """Ask for the words of a question."""
    now = old.text.get("nl", "") if old else ""
    return lines(
        _("Write your question. Ask one thing at a time."),
        EXAMPLES[kind],
        *((_("Now it says:"), Name(now)) if now else ()),
    )


async def ask_answers(talk: Talk, old: PollQuestion | None) -> Checked:
    """Ask for the answers of a question, one a line, and check each."""
    now: list[Text] = [Name(one.text.get("nl", "")) for one in old.options] if old else []
    asked = lines(
        _("Write the answers. Put each answer on its own line."),
        _("From {low} to {high} answers, each at most {most} letters.", low=FEWEST, high=MOST, most=OPTION_UNITS),
        _("“Rather not say” is always there. You do not have to write it."),
        *((_("Now it says:"), *now) if now else ()),
    )
    return await ask_plain(talk, "options", asked, kind="option", words=Answers())


def options(written: str, old: PollQuestion | None) -> tuple[PollOption, ...]:
    """Make options of lines; one that was there keeps its other languages."""
    known = {one.text.get("nl", ""): one.text for one in old.options} if old else {}
    return tuple(PollOption(f"o{n}", known.get(line, {"nl": line})) for n, line in enumerate(written.splitlines(), 1))


@flow(title=_("Another question?"), loose=True, knows=("scopes", "draft"))
async def poll_more(talk: Talk) -> Done:
    """Show the question that was just kept, and ask for another. The subject is `id:question`."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    made = question_of(found.content, talk.subject.partition(":")[2])
    if made is None:
        return Done(then=Go("draft", found.id))
    full = len(found.content.questions) >= MOST_QUESTIONS
    more: dict[str, Text] = {} if full else {"another": _("➕ Another question")}
    choices: dict[str, Text] = {**more, "done": _("✅ That was all"), "change": _("✏️ Change this question")}
    said = lines(
        _("💾 Question {n} is kept. It looks like this:", n=found.content.questions.index(made) + 1),
        BLANK,
        *texts.question_whole(made),
        BLANK,
        _("This was the last one: 7 is the most.") if full else _("Do you want another one? Three is often enough."),
    )
    what = await talk.ask("what", said, Choice(choices))
    if what == "change":
        return Done(then=Go("poll_item", talk.subject))
    return Done(then=Go("poll_question", found.id) if what == "another" else Go("draft", found.id))


@flow(title=_("Change a question"), loose=True, knows=("scopes", "draft"))
async def poll_item(talk: Talk) -> Done:
    """Show one question, and what can be changed of it. The subject is `id:question`."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    question = question_of(found.content, talk.subject.partition(":")[2])
    if question is None:
        return Done(then=Go("poll_parts", found.id))
    place = found.content.questions.index(question)
    up: dict[str, Text] = {"up": _("⬆️ Move it up")} if place else {}
    down: dict[str, Text] = {"down": _("⬇️ Move it down")} if place + 1 < len(found.content.questions) else {}
    choices: dict[str, Text] = {
        "words": _("✏️ Change the words"),
        "again": _("🔁 Make it again: kind and answers"),
        **up,
        **down,
        "delete": _("🗑️ Throw this question away"),
        "back": _("◀️ Back"),
    }
    said = lines(_("Question {n}", n=place + 1), BLANK, *texts.question_whole(question))
    what = await talk.ask("what", said, Choice(choices), in_place=True)
    return changed(found, question, what)


def changed(found: Draft, question: PollQuestion, what: str) -> Done:
    """Do with a question what a button says."""
    here, parts = f"{found.id}:{question.id}", Go("poll_parts", found.id)
    match what:
        case "words":
            return Done(then=Go("poll_text", f"{found.id}:q.{question.id}:{print_of(question.text)}"), stay=True)
        case "again":
            return Done(then=Go("poll_question", here), stay=True)
        case "delete":
            content = without(found.content, question.id)
            said = _("✓ The question is gone: “{question}”", question=Name(question.text.get("nl", "")))
            return Done(SavePoll(found.id, found.revision, content), then=replace(parts, say=said))
        case "up" | "down":
            content = moved(found.content, question, -1 if what == "up" else 1)
            return Done(SavePoll(found.id, found.revision, content), then=Go("poll_item", here))
    return Done(then=parts)


def moved(content: PollContent, question: PollQuestion, by: int) -> PollContent:
    """Give a poll with a question so many places further."""
    others = [one for one in content.questions if one != question]
    others.insert(content.questions.index(question) + by, question)
    return replace(content, questions=tuple(others))
