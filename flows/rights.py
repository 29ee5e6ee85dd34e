"""Rights by tapping: eight groups of subjects, their articles, difficult words, and examples of elsewhere."""

from __future__ import annotations

from flows.messages import BLANK, Name, Text, _, lines
from flows.no_answer import spoken
from flows.questions import Choice, Option, Page, Pick, Reader, Skippable, in_rows
from flows.rights_facts import MENUS, Practice
from flows.talk import Done, Go, Talk, flow


@flow(command="rechten", title=_("Your rights"), loose=True, knows=("articles",))
async def rights(talk: Talk) -> Done:
    """Show the groups, or the articles of the group that the subject names: any article in three taps from the menu."""
    if talk.subject in MENUS:
        return await subjects(talk)
    prompt = lines(_("What is it about?"), _("You can also just write your question, in your own words."))
    choices: dict[str, Text] = {
        **MENUS,
        "words": _("📖 Difficult words"),
        "ask-human": _("🙋 Ask a human"),
        "menu": _("☰ Menu"),
    }
    chosen = await talk.ask("group", prompt, Choice(choices), in_place=True)
    if chosen in MENUS:
        return Done(then=Go("rights", chosen))
    return Done(then=Go({"words": "meaning"}.get(chosen, chosen).replace("-", "_")))


async def subjects(talk: Talk) -> Done:
    """Show the titles of one group."""
    titles: dict[str, Text] = {
        topic: article.title for topic, article in talk.facts.articles.items() if article.menu == talk.subject
    }
    choices: dict[str, Text] = {**titles, "back": _("◀️ Back")}
    chosen = await talk.ask("topic", MENUS[talk.subject], Choice(choices), in_place=True)
    return Done(then=Go("rights") if chosen == "back" else Go("article", chosen))


@flow(title=_("Difficult words"), loose=True, knows=("terms", "articles"))
async def meaning(talk: Talk) -> Done:
    """Explain a word, with the Dutch one beside it, as it stands in letters; without a subject, choose one."""
    term = next((term for term in talk.facts.terms if term.id == talk.subject), None)
    if term is None:
        pick = Skippable(Pick(talk.facts.terms), skip=_("◀️ Back"))
        chosen = await talk.ask("term", _("Which word?"), pick, in_place=True)
        return Done(then=Go("meaning", chosen.id) if chosen else Go("rights"))
    in_letters = _("<b>{term}</b> (in Dutch: {dutch})", term=term.term, dutch=Name(term.dutch))
    own = _("<b>{term}</b>", term=Name(term.dutch))
    said = lines(own if spoken(talk) == "nl" else in_letters, BLANK, term.explanation)
    more = talk.facts.articles.get(term.topic)
    choices: dict[str, Text] = {
        **({"article": more.title} if more else {}),
        "words": _("📖 Other words"),
        "menu": _("☰ Menu"),
    }
    chosen_next = await talk.ask("on", said, Choice(choices))
    where = {"article": Go("article", term.topic, heard=talk.heard or None), "words": Go("meaning")}
    return Done(then=where.get(chosen_next, Go("menu")))


@flow(title=_("Examples from elsewhere"), loose=True, knows=("practices",))
async def practices(talk: Talk) -> Done:
    """Show what tenants did elsewhere, one example at a time."""
    found = next((practice for practice in talk.facts.practices if practice.id == talk.subject), None)
    if found is None:
        titles = {practice.id: practice.title for practice in talk.facts.practices}
        choices: dict[str, Text] = {**titles, "menu": _("☰ Menu")}
        chosen = await talk.ask("which", _("What did tenants do elsewhere?"), Choice(choices), in_place=True)
        return Done(then=Go("menu") if chosen == "menu" else Go("practices", chosen))
    doors = in_rows([Option("others", _("◀️ Other examples")), Option("menu", _("☰ Menu"))], 2)
    door = await talk.ask("read", found.summary, Reader(example(found), doors), in_place=True)
    return Done(then=Go("menu" if door == "menu" else "practices"))


def example(found: Practice) -> dict[str, Page]:
    """Give the pages of one example."""
    title = _("<b>{title}</b>", title=found.title)
    source = _("<i>Source: {source}.</i>", source=found.source)
    return {
        "short": Page(_("📄 In short"), lines(title, found.summary, source)),
        "what": Page(_("📖 What they do"), lines(title, found.what, source)),
        "learned": Page(_("💡 What one learns"), lines(title, found.learned, source)),
        "try": Page(_("✅ Try it yourself"), lines(title, found.to_try, source)),
    }
