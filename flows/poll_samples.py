"""How a poll begins on the phones of tenants: one sample for each language they read, five at most."""

from __future__ import annotations

from dataclasses import replace

from flows.drafting import seen
from flows.messages import Name, Spoken, _, lines
from flows.poll_facts import Draft, Poll
from flows.poll_steps import Step
from flows.poll_texts import prompt
from flows.questions import Option, Page, Reader
from flows.talk import Done, Go, Talk, flow

SAMPLES = 5
USUAL = ("nl", "fr", "en", "tr", "ar")  # where it is not known yet what people read


@flow(title=_("A poll in each language"), loose=True, knows=("scopes", "draft"))
async def poll_samples(talk: Talk) -> Done:
    """Show the first screen in each language of the audience, as a tenant gets it."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    if not found.content.questions:
        return Done(then=Go("draft", found.id))
    pages = {f"in-{code}": sample(talk, found, code) for code in codes(talk, found)}
    back = Option("back", _("◀️ Back"))
    reader = Reader(pages, ((back,),))
    await talk.ask("read", next(iter(pages.values())).text, reader, in_place=True)
    return Done(then=Go("draft", found.id))


def codes(talk: Talk, found: Draft) -> list[str]:
    """Give the languages to show: those of the audience, Dutch first, five at most."""
    read = set(found.reached.languages) if found.reached and found.reached.languages else {*USUAL}
    known = [code for code in ("nl", *talk.facts.languages) if code in talk.facts.languages and code in {"nl", *read}]
    return list(dict.fromkeys(known))[:SAMPLES]


def sample(talk: Talk, found: Draft, code: str) -> Page:
    """Give the first screen as someone sees it who reads this language."""
    name = Name(talk.facts.languages[code])
    facts = replace(talk.facts, person=replace(talk.facts.person, language=code), this_month=1)
    asker = found.asker or talk.facts.help.organisation
    poll = Poll(found.id, found.content, asker, "open", asked=True)
    text = prompt(facts, poll, Step(found.id), found.content.questions[0])
    head = _("👀 This is how it looks in: {language}", language=name)
    return Page(name, lines(head, Spoken(code, text)))
