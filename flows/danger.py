"""What comes before every article: danger to life, a bailiff at the door, and what a robot must not do."""

from __future__ import annotations

from collections.abc import Mapping

from flows.messages import Lines, Name, Text, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

# The numbers: 112 and 101 (emergency services), 1712 (violence and abuse), 1813 (suicide line). The fact sheets name them.
DANGERS: Mapping[str, Lines] = {
    "gas": lines(
        _("🚨 Do you smell gas, or does the alarm for gas go off?"),
        _("Go outside now, with everyone. Do not touch switches, no fire, no phone inside."),
        _("Then call 112 from outside."),
    ),
    "fire": lines(
        _("🚨 Is there fire or smoke?"),
        _("Go outside now, with everyone. Close doors behind you. Do not take the lift."),
        _("Then call 112."),
    ),
    "medical": lines(
        _("🚨 Is somebody in danger?"),
        _("Call 112 now. They say what you must do."),
    ),
    "violence": lines(
        _("🚨 Are you in danger? Call 101 (police) or 112 now."),
        _("If you can, go to a safe place: a neighbour, a shop, the street."),
        _("Want to talk about violence? Call 1712. It is free."),
    ),
    "suicide": lines(
        _("I am sorry that it is so hard. You do not have to carry this alone."),
        _("Call 1813 (suicide line), day and night. They listen, free and without your name."),
        _("Are you in danger right now? Call 112."),
    ),
}


@flow(title=_("Danger"), loose=True, knows=("articles",))
async def danger(talk: Talk) -> Done:
    """Give the numbers at once; the subject names the danger, and after a colon the topic it may be about. Nothing of
    what was written is kept."""
    which, _colon, topic = talk.subject.partition(":")
    said = lines(DANGERS.get(which, DANGERS["medical"]), _("I am a robot. I cannot call for you."))
    found = talk.facts.articles.get(topic)
    titles: dict[str, Text] = {topic: found.title} if found else {}
    what = await talk.ask("on", said, Choice({**titles, "human": _("🙋 Ask a human"), "menu": _("☰ Menu")}))
    return Done(then=Go("article", topic) if what in titles else Go("ask_human" if what == "human" else "menu"))


@flow(title=_("Losing your home"), loose=True)
async def eviction_now(talk: Talk) -> Done:
    """Name the humans who can help the same day, then give the article."""
    contact = talk.facts.help
    said = lines(
        _("🚨 This is for a human, today."),
        _("Go to the OCMW of your municipality now, or call them. Say: “I may lose my home.”"),
        _("Also call a CAW: they help people who lose their home."),
        _("Call a lawyer. If you have little money, a lawyer can be free: ask for “pro Deo”."),
        _("Only a judge can put you out. Your landlord may not change the lock."),
        _("{organisation}: {phone}", organisation=Name(contact.organisation), phone=Name(contact.phone))
        if contact.phone
        else None,
    )
    choices = {
        "nearby": _("📍 Who is near me?"),
        "article": _("📖 What the rules say"),
        "human": _("🙋 Ask a human"),
        "menu": _("☰ Menu"),
    }
    what = await talk.ask("on", said, Choice(choices, columns=2), lasting=True)
    where = {
        "nearby": Go("nearby", "eviction"),
        "article": Go("article", "eviction", heard=talk.heard),
        "human": Go("ask_human", "eviction", heard=talk.heard),
    }
    return Done(then=where.get(what, Go("menu")), stay=True)


CANNOT: Mapping[str, Lines] = {
    "act": lines(
        _("I am a robot. I cannot call, write or sign anything for you."),
        _("I can explain the rules. A human can look with you."),
    ),
    "predict": lines(
        _("Nobody can know what a judge will decide, and I least of all."),
        _("A human who knows the law can look at your papers."),
    ),
}


@flow(title=_("Your question"), loose=True, knows=("articles",))
async def cannot(talk: Talk) -> Done:
    """Say what a robot does not do, and who can; the subject is `act` or `predict`, and the topics it may be about."""
    what, _colon, listed = talk.subject.partition(":")
    topics = [topic for topic in listed.split(",")[:1] if topic in talk.facts.articles]
    titles: dict[str, Text] = {topic: talk.facts.articles[topic].title for topic in topics}
    choices = {"human": _("🙋 Ask a human"), "nearby": _("📍 Who can help near me?"), **titles, "menu": _("☰ Menu")}
    chosen = await talk.ask("on", CANNOT.get(what, CANNOT["act"]), Choice(choices))
    if chosen in titles:
        return Done(then=Go("article", chosen, heard=talk.heard))
    topic = topics[0] if topics else ""
    where = {"human": Go("ask_human", topic, heard=talk.heard), "nearby": Go("nearby", topic)}
    return Done(then=where.get(chosen, Go("menu")))


@flow(title=_("Hello"), loose=True)
async def small_talk(talk: Talk) -> Done:
    """Answer a greeting, thanks, an insult, or "who are you", in a line; the ways on stay."""
    texts: dict[str, Text] = {
        "hello": _("Hello! Ask me something about renting, in your own words."),
        "thanks": _("You are welcome. I am here whenever you need me."),
        "insult": _("I am sorry that I did not help. A human may do better."),
        "who": lines(
            _("I am a robot of {organisation}, the network of social tenants.", organisation=organisation(talk)),
            _("I look up rules that people have checked. Your landlord does not see who writes here."),
            _("More about your data: /privacy."),
        ),
    }
    said = texts.get(talk.subject, texts["hello"])
    choices = {"rights": _("📚 See all subjects"), "ask-human": _("🙋 Ask a human"), "menu": _("☰ Menu")}
    what = await talk.ask("on", said, Choice(choices))
    return Done(then=Go(what.replace("-", "_")))


def organisation(talk: Talk) -> Name:
    """Give the name of who runs the bot."""
    return Name(talk.facts.help.organisation)
