"""Let a poll go out: a last look at everything, then to a second person where many people get it."""

from __future__ import annotations

from collections.abc import Iterator

from flows import draft_texts as texts
from flows.audience import too_few
from flows.drafting import next_step, seen
from flows.maker_kinds import NOT_YET, LastLook, Written
from flows.messages import BLANK, Lines, Moment, Msg, Name, Text, Told, _, _n, lines, shortened
from flows.poll_changes import AskRelease, ReleasePoll, SendBack
from flows.poll_facts import SECOND_PERSON, Draft
from flows.questions import Choice, Page, YesNo
from flows.talk import Done, Go, Talk, flow


@flow(title=_("Send a poll"), loose=True, knows=("scopes", "draft", "choices"))
async def release(talk: Talk) -> Done:
    """Look at everything once more, and let it go out; as the second person where it waits for one."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    here = Go("draft", found.id)
    second = found.state == "waiting" and found.may_release
    if not second and found.state != "draft":
        return Done(then=here)
    stopped = None if second else not_yet(talk, found)
    if stopped is not None:
        return stopped
    gaps = "fine" if second else await about_gaps(talk, found)
    if gaps != "fine":
        return Done(then=Go("poll_languages", found.id) if gaps == "write" else here)
    look = LastLook(pages(talk, found), revision=found.revision, yes=yes(found, second=second))
    if await talk.ask("sure", look.pages["all"].text, look) == "no":
        return Done(then=Go("draft", found.id, say=_("Good. Nothing went out.")))
    if second:
        return Done(
            ReleasePoll(found.id, found.revision), then=Go("draft", found.id, say=_("✓ Thank you. It goes out."))
        )
    return Done(AskRelease(found.id, found.revision), then=Go("draft", found.id, say=asked_for(found)))


def not_yet(talk: Talk, found: Draft) -> Done | None:
    """Say what stands in the way, and go there."""
    content = found.content
    if found.missing():
        step = next_step(found.id, content)
        return Done(then=Go(step.flow, step.subject, say=texts.missing(found)))
    begins = content.opens or talk.facts.now
    if content.closes and content.closes <= max(talk.facts.now, begins):
        said = _("The day until when people can answer is over, or comes before the start. Please choose another one.")
        return Done(then=Go("poll_until", found.id, say=said))
    if found.reached and found.reached.few and content.has_text:
        return Done(then=Go("audience", found.id, say=too_few()))
    if found.reached and found.reached.reached.value == 0:
        return Done(then=Go("audience", found.id, say=_("Nobody gets this poll now. Please choose more people.")))
    return None


async def about_gaps(talk: Talk, found: Draft) -> str:
    """Ask whether it may go out with texts that are missing in a language of the audience: `fine`, `write` or `no`."""
    if not texts.gaps(talk.facts, found):
        return "fine"
    said = lines(
        _("Some of these people read another language:"),
        *texts.gap_lines(talk.facts, found),
        _("There I send the Dutch, with a clear mark. Is that fine?"),
    )
    choices: dict[str, Text] = {"fine": _("✅ That is fine"), "write": _("🌍 Add texts first"), "no": NOT_YET}
    return await talk.ask("gaps", said, Choice(choices))


def pages(talk: Talk, found: Draft) -> dict[str, Page]:
    """Give everything that goes out, on pages that turn."""
    content = found.content
    said = lines(
        _("<b>{title}</b>", title=Told(content.title)),
        _("Why: {text}", text=Told(content.why)),
        _("What is done with it: {text}", text=Told(content.use)),
    )
    all_of_it = {"all": Page(_("📨 In short"), overview(found)), "texts": Page(_("📄 The texts"), said)}
    all_of_it["people"] = Page(_("👥 Who gets it, and who not"), people(talk, found))
    for n, question in enumerate(content.questions, 1):
        all_of_it[f"n-{n}"] = Page(_("Question {n}", n=n), lines(*texts.question_whole(question)))
    return all_of_it


def overview(found: Draft) -> Lines:
    """Say in short what happens when this goes out."""
    return lines(
        _("📨 Read this before it goes out."),
        _("<b>{title}</b>", title=Told(found.content.title)),
        texts.asker(found),
        texts.how_many(found.content),
        reach(found),
        BLANK,
        *how_it_goes(found),
    )


def reach(found: Draft) -> Msg | None:
    """Say how many people get it, of how many."""
    if found.reached is None:
        return None
    reached, all_of_them = texts.count(found.reached.reached), texts.count(found.reached.audience)
    return _("📨 They get it: {reached}, of {all}", reached=reached, all=all_of_them)


def people(talk: Talk, found: Draft) -> Lines:
    """Say to whom it goes, why others do not get it, and which languages miss texts."""
    return lines(
        *texts.audience(talk.facts, found.content),
        BLANK,
        *(texts.reached_lines(found.reached) if found.reached else ()),
        *texts.gap_lines(talk.facts, found),
    )


def how_it_goes(found: Draft) -> Iterator[Text]:
    """Say when it goes out, and who looks first."""
    reached, content = found.reached, found.content
    if reached and reached.second and found.state == "draft":
        yield _("👥 More than {n} people get it. So someone else reads it first.", n=SECOND_PERSON)
    if content.opens:
        yield _("▶️ Starts: {when}", when=Moment(content.opens))
    else:
        yield _("▶️ It starts ten minutes after the release. Until then you can stop it.")
    if reached and reached.minutes:
        yield _n("Sending takes about one minute.", "Sending takes about {n} minutes.", n=reached.minutes)
    if content.closes:
        yield _("⏰ Until: {when}", when=Moment(content.closes))


def yes(found: Draft, *, second: bool) -> Msg:
    """Name the button that says yes."""
    if second:
        return _("✅ Yes, let it go out")
    if found.reached and found.reached.second:
        return _("✅ Yes, ask a second person")
    return _("✅ Yes, send it")


def asked_for(found: Draft) -> Msg:
    """Say what happens now."""
    if found.reached and found.reached.second:
        return _("✓ I asked a second person to read it. You hear from me.")
    return _("✓ It goes out. You have ten minutes to stop it.")


@flow(title=_("Send a poll back"), knows=("scopes", "draft"))
async def send_back(talk: Talk) -> Done:
    """Second person: say what should be different, and give it back to its maker."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    if found.state != "waiting" or not found.may_release:
        return Done(then=Go("draft", found.id))
    asked = lines(
        texts.title(found),
        _("What should be different? The maker reads this, without your name."),
    )
    why = await talk.ask("text", asked, Written(most=300))
    said = lines(_("“{text}”", text=Name(why)), _("Shall I send it back with this?"))
    if not await talk.ask("sure", said, YesNo(yes=_("↩️ Yes, send it back"), no=_("✖️ No, not yet"))):
        return Done(then=Go("draft", found.id))
    return Done(SendBack(found.id, why), then=Go("organise", say=_("✓ Sent back. The maker hears why.")))


@flow(title=_("A poll waits for you"), loose=True, knows=("scopes", "draft"))
async def release_wanted(talk: Talk) -> Done:
    """Tell a second person that a poll waits for them. Nothing to say once it was released or taken back."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    if found.state != "waiting" or not found.may_release:
        return Done(then=Go("draft", found.id))
    said = lines(
        _("⏳ A poll waits for you: “{title}”", title=Told(found.content.title)),
        texts.asker(found),
        _("More than {n} people get it. So a second person reads it first. That is you.", n=SECOND_PERSON),
    )
    choices: dict[str, Text] = {"release": _("👀 Read it"), "draft": _("📋 All about this poll")}
    return Done(then=Go(await talk.ask("what", said, Choice(choices)), found.id), stay=True)


@flow(title=_("News of your poll"), loose=True, knows=("scopes", "draft"))
async def release_news(talk: Talk) -> Done:
    """Tell the maker what became of a poll. The subject is `id:released`, `id:back` or `id:started`."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    said = news(found, talk.subject.partition(":")[2])
    await talk.ask("what", said, Choice({"draft": _("📋 To the poll")}))
    return Done(then=Go("draft", found.id), stay=True)


def news(found: Draft, what: str) -> Lines:
    """Say what became of a poll."""
    title = Told(found.content.title)
    match what:
        case "released":
            return lines(
                _("✅ A second person read “{title}”. It goes out.", title=title),
                _("🕙 It goes out at {when}.", when=Moment(found.starts)) if found.starts else None,
            )
        case "back":
            why = Name(shortened(found.back, 300))
            return lines(
                _("↩️ “{title}” came back. A second person wants it different.", title=title),
                _("“{text}”", text=why) if found.back else None,
            )
        case "started":
            return lines(_("📣 “{title}” is open. People can answer now.", title=title))
    return lines(_("📋 There is news of “{title}”.", title=title))
