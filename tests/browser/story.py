"""What people do on the phone page, step by step: the tests and the screenshots play the same story."""

from __future__ import annotations

from flows.messages import Msg, _, _n
from flows.welcome import HELLO
from tests.browser.hands import Hand

WHAT_THIS_IS = _("🏠 Ask me about your rights as a tenant. I also show meetings near you.")
POSTCODE = _("What is your postcode?")
LANDLORD = _("Who do you rent from?")
BLOCK = _("It helps to tell you only what is about your building.")
CONSENTS = _("May I write to you sometimes? Tap what you want.")
MENU = _("What would you like to do? Tap a button, or write your question.")
NEAR_FIRST = _("Which meeting? The ones near you come first.")
COME = _("Do you want to come?")
WAIT = _("Do you want to be on the waiting list?")
NEEDS = _("Do you need something to be able to come?")
INTERPRETER = _("An interpreter for which language?")
COMPANIONS = _("How many people come along with you?")
REMIND = _("May I remind you?")
SEND = _("Shall I sign you up?")
SEND_IN_LINE = _("Shall I put you on the waiting list?")
SIGNED_UP = _("✅ You are signed up. See you there!")
FIRST_IN_LINE = _n("You are the first in line.", "You are number {n} in line.", n=1)
REMINDED = _("Do you come?")
OFFERED = _("Do you want the place?")


async def welcomed(hand: Hand, postcode: str = "8630", wants: tuple[str, ...] = ("meetings",)) -> None:
    """Be welcomed in one's own language, say the postcode and which messages one wants; end at the menu."""
    await hand.start()
    await hand.tap(HELLO, hand.words.code)
    await hand.tap(WHAT_THIS_IS, "on")
    await hand.hears(POSTCODE)
    await hand.write(postcode)
    await hand.tap(LANDLORD, "ijzer")
    await hand.tap(BLOCK, "~skip")
    await hand.ticks(CONSENTS, *wants)
    await hand.tap(CONSENTS, "~ready")
    await hand.hears(MENU)


async def says_needs(hand: Hand, *needs: str, send: Msg = SEND) -> None:
    """Say what is needed, come alone, want to be reminded; end at the summary."""
    await hand.ticks(NEEDS, *needs)
    await hand.tap(NEEDS, "~ready")
    if "interpreter" in needs:
        await hand.tap(INTERPRETER, hand.words.code)
    await hand.tap(COMPANIONS, "0")
    await hand.tap(REMIND, "yes")
    await hand.hears(send)


async def signs_up(hand: Hand, *needs: str, send: Msg = SEND) -> None:
    """Say what is needed, and confirm; `send` is the last question."""
    await says_needs(hand, *needs, send=send)
    await hand.tap(send, "yes")


async def comes_by_link(hand: Hand, meeting: str) -> None:
    """Come to a meeting by its link, as a newcomer: language and what this is come first."""
    await hand.open_link(f"meeting-{meeting}")
    await hand.tap(HELLO, hand.words.code)
    await hand.tap(WHAT_THIS_IS, "on")
