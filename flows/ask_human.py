"""Ask a human: what it is about, the question, how and by when it is answered; then a thread in this same chat."""

from __future__ import annotations

from flows.changes import AskHuman, CloseHandoff, TellHuman
from flows.messages import BLANK, Day, Hour, Lines, Moment, Name, Text, Told, _, lines, shortened
from flows.no_answer import spoken
from flows.questions import Choice, Skippable, Words
from flows.rights_facts import MENUS, Handoff, titled
from flows.talk import Done, Go, Talk, flow

LONGEST = 2000


@flow(title=_("Ask a human"), knows=("articles", "office", "handoffs"))
async def ask_human(talk: Talk) -> Done:
    """Pass a question on. The subject is its topic, where there is one."""
    if not talk.facts.office.staffed:
        return Done(say=nobody(talk))
    if own := [handoff for handoff in talk.facts.handoffs if handoff.mine]:
        return await go_on(talk, own[-1])
    topic = talk.subject or ("" if talk.heard else await ask_topic(talk))
    text = shortened(talk.heard, LONGEST) or await ask_text(talk)
    talk.say(_("I pass this on to a human:"), _("“{text}”", text=Name(shortened(text, 1000))), how(talk))
    choices = {"send": _("🙋 Yes, send it"), "rewrite": _("✏️ Write it differently"), "no": _("No, do not send it")}
    what = await talk.ask("send", _("Shall I send it?"), Choice(choices))
    if what == "rewrite":
        text = await talk.ask("again", _("Write it again, as you would say it."), Words(LONGEST, question=True))
    if what == "no":
        return Done(say=_("That is fine. I sent nothing."))
    return Done(AskHuman(topic, text, spoken(talk)), then=Go("thread", "new"))


async def go_on(talk: Talk, with_human: Handoff) -> Done:
    """Go on with the talk that is open; the words that led here are sent along."""
    there = Go("thread", str(with_human.id))
    if not talk.heard:
        return Done(then=there)
    said = Go("thread", there.subject, say=_("✓ Passed on."))
    return Done(TellHuman(with_human.id, shortened(talk.heard, LONGEST)), then=said)


async def ask_topic(talk: Talk) -> str:
    """Ask what it is about: a group of subjects, or something else."""
    choices: dict[str, Text] = {**MENUS, "other": _("Something else")}
    chosen = await talk.ask("about", _("What is your question about?"), Choice(choices))
    return "" if chosen == "other" else chosen


async def ask_text(talk: Talk) -> str:
    """Ask for the question."""
    prompt = lines(_("What do you want to ask? Write it as you would say it."), _("You do not have to give your name."))
    return await talk.ask("question", prompt, Words(LONGEST, question=True))


def how(talk: Talk) -> Lines:
    """Say who reads it, when, and by when there is an answer."""
    office = talk.facts.office
    return lines(
        _(
            "Someone of {organisation} reads it, on working days from {begins} to {ends}.",
            organisation=Name(talk.facts.help.organisation),
            begins=Hour(office.begins),
            ends=Hour(office.ends),
        ),
        _("You get an answer here, in this chat, by {day} at the latest.", day=Day(office.answer_by))
        if office.answer_by
        else None,
        _("They do not see your name. Your landlord does not see it."),
    )


def nobody(talk: Talk) -> Lines:
    """Say that nobody can be asked here, and who can be called."""
    contact = talk.facts.help
    return lines(
        _("At this moment nobody can read questions here."),
        _("Call {organisation}: {phone}.", organisation=Name(contact.organisation), phone=Name(contact.phone))
        if contact.phone
        else _("Ask the group that gave you the link to this chat."),
    )


@flow(title=_("Your talk with a human"), knows=("handoff", "handoffs", "office"), open=True)
async def thread(talk: Talk) -> Done:
    """Words go to the human until someone closes it. The subject is the number of the talk, or `new` for the last one."""
    own = [handoff for handoff in talk.facts.handoffs if handoff.mine]
    if talk.subject == "new" and own:
        return Done(then=Go("thread", str(own[-1].id)))
    with_human = talk.facts.handoff
    if with_human is None or with_human.state == "closed":
        return Done(say=_("That talk is over. You can always ask something new: /menu."))
    key = f"m{with_human.from_tenant}"
    text = await talk.ask(key, standing(talk, with_human), Skippable(Words(LONGEST), skip=_("✖️ End this talk")))
    if text is None:
        return Done(CloseHandoff(with_human.id), say=_("The talk is over. Thank you for asking."))
    return Done(TellHuman(with_human.id, text), then=Go("thread", str(with_human.id), say=_("✓ Passed on.")))


def standing(talk: Talk, with_human: Handoff) -> Lines:
    """Say where the question is: waiting, or answered. That nobody reads now is said once."""
    if with_human.state == "answered":
        return lines(_("You talk with a human now. Write your answer here."), _("Or tap /menu for something else."))
    office = talk.facts.office
    closed = None
    if not office.open and office.opens and not with_human.told_hours:
        closed = _("✅ Your question is sent. Someone reads it from {when} on.", when=Moment(office.opens))
    sent = closed or _("✅ Your question is with a human now.")
    return lines(sent, _("You can write more here. Or tap /menu for something else."))


@flow(title=_("An answer of a human"), knows=("handoff", "articles"), loose=True)
async def human_reply(talk: Talk) -> Done:
    """Bring what the human wrote; the subject is `<talk>:<which message>`."""
    with_human = talk.facts.handoff
    if with_human is None:
        return Done(say=_("That talk is over. You can always ask something new: /menu."))
    _id, _colon, which = talk.subject.partition(":")
    said = with_human.lines[int(which)] if which.isdigit() and int(which) < len(with_human.lines) else None
    if said is None or said.side != "staff":
        return Done(say=_("That talk is over. You can always ask something new: /menu."))
    body = said_by_human(talk, said.text, said.article)
    choices: dict[str, Text] = {"answer": _("✍️ Write back")}
    if said.article:
        choices["article"] = _("📖 Read all of it")
    choices |= {"close": _("✖️ End this talk"), "menu": _("☰ Menu")}
    what = await talk.ask("on", body, Choice(choices), lasting=True)
    if what == "close":
        return Done(CloseHandoff(with_human.id), say=_("The talk is over. Thank you for asking."))
    where = {"answer": Go("thread", str(with_human.id)), "article": Go("article", said.article)}
    return Done(then=where.get(what, Go("menu")), stay=True)


@flow(title=_("Your talk with a human"), loose=True)
async def talk_closed(talk: Talk) -> Done:
    """Tell that staff closed the talk."""
    return Done(say=_("The human has closed this talk. You can always ask something new: /menu."))


def said_by_human(talk: Talk, text: str, article: str) -> Lines:
    """Give a human's words, or the article they chose."""
    head = _("💬 A human of {organisation} answers:", organisation=Name(talk.facts.help.organisation))
    if not article:
        return lines(head, BLANK, Name(text))
    found = talk.facts.articles.get(article)
    summary = found.summary if found else Told({})
    return lines(head, BLANK, _("<b>{title}</b>", title=titled(talk.facts.articles, article)), summary)
