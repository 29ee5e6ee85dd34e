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


async def test_a_question_of_the_welcome_that_was_left_is_not_put_again(tmp_path: Path) -> None:
    async with rig(tmp_path, welcomed=False) as bot:
        phone = bot.world.phones[6001]
        phone.start()
        await phone.heard("Welke taal")
        phone.tap("Nederlands")
        await phone.heard("VIVAS")
        phone.tap("Oké")
        await phone.heard("postcode")
        phone.tap("Niet nu")
        await phone.heard("Gestopt")
        await bot.settled()
        assert [bubble.text.splitlines()[0] for bubble in phone.screen() if bubble.from_bot][2:] == [
            bot.app.turns.languages["nl"].messages["Stopped. Nothing was changed."][0]
        ]
