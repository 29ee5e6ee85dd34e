"""What a crash held back goes out after what people did since: an old edit must not undo a newer one."""

from pathlib import Path

from bot.store.deliveries import Ready
from bot.telegram.sender import Outcome
from tests.bot.rig import rig
from tests.bot.test_outbox import OVERTAKEN, begun, edit, ends, stopped


async def test_an_edit_from_before_a_crash_does_not_undo_one_that_was_sent_since(tmp_path: Path, address: str) -> None:
    shown: list[str] = []

    async def send(item: Ready) -> Outcome:
        assert item.payload is not None
        shown.append(item.payload["text"])
        return Outcome("sent", message_id=item.payload["message_id"])

    async with rig(tmp_path, database=address, started=False) as up:
        box = up.app.outbox
        box.send = send
        await edit(up, "van voor de crash")
        newer = await edit(up, "van daarna")
        sending = begun(box)
        box.offer(newer)  # straight from its turn; the older is only found by a sweep
        await box.idle()
        await box.sweep()
        await box.idle()
        await stopped(sending)
        assert shown == ["van daarna"]
        assert await ends(up) == [OVERTAKEN, ("sent", "")]
