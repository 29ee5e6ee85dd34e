"""A newcomer who does something else in the middle of the welcome loses nothing of it."""

from pathlib import Path

import pytest

from tests.bot.rig import rig


@pytest.mark.parametrize("command", ["/menu", "/start", "/onzin"])
async def test_a_command_in_the_middle_of_the_welcome_goes_on_where_it_was(tmp_path: Path, command: str) -> None:
    async with rig(tmp_path, welcomed=False) as bot:
        phone = bot.world.phones[6001]
        phone.start()
        await phone.heard("Welke taal")
        phone.tap("Français")
        asked = await phone.heard("VIVAS")
        phone.write(command)
        again = await phone.heard("VIVAS", after=asked.message_id)
        assert again.text == asked.text
