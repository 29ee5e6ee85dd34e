"""Methods about the bot itself, its chats and files, and how it wants its updates."""

import re
from typing import Any

from bot.phone.errors import bad_request
from bot.phone.methods import method
from bot.phone.params import Params
from bot.phone.profile import scope_key
from bot.phone.things import JSON
from bot.phone.updates import Webhook
from bot.phone.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MOST_DOWNLOAD = 20 * 2**20  # bytes; Telegram's cloud hands out no larger file


@method("getMe")
def get_me(world: World, ask: Params) -> JSON:
    """Tell the bot who it is."""
    return world.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("setWebhook")
def set_webhook(world: World, ask: Params) -> bool:
    """Have updates posted to an address from now on. Plain HTTP is taken too: this server is for one machine."""
    url, secret = ask.text("url"), ask.text("secret_token")
    if not url:
        return _forget_webhook(world, ask)
    if not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.webhook = Webhook(url, secret, min(max(ask.number("max_connections", 40), 1), 100))
    _take_wishes(world, ask)
    return True


@method("deleteWebhook")
def delete_webhook(world: World, ask: Params) -> bool:
    """Go back to getUpdates."""
    return _forget_webhook(world, ask)


@method("getWebhookInfo")
def get_webhook_info(world: World, ask: Params) -> JSON:
    """Tell how the webhook is doing."""
    updates = world.updates
    updates.drop_expired()
    hook = updates.webhook
    info: JSON = {"url": hook.url if hook else "", "has_custom_certificate": False}
    info["pending_update_count"] = len(updates.pending) + len(updates.replayed)
    if hook:
        info["max_connections"] = hook.most
    if hook and hook.last_error:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    return info


@method("getFile")
def get_file(world: World, ask: Params) -> JSON:
    """Tell where a file can be fetched."""
    file = world.files.by_id.get(ask.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.data) > MOST_DOWNLOAD:
        raise bad_request("file is too big")
    return file.as_json() | {"file_path": file.path}


@method("getChat")
def get_chat(world: World, ask: Params) -> JSON:
    """Tell about a chat."""
    gifts = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split()
    return world.chat(ask.values.get("chat_id")).as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@method("setMyCommands")
def set_my_commands(world: World, ask: Params) -> bool:
    """Set the list behind the menu button."""
    world.profile.set_commands(ask.nested("commands"), *_audience(ask))
    _refresh(world)
    return True


@method("deleteMyCommands")
def delete_my_commands(world: World, ask: Params) -> bool:
    """Take such a list away."""
    world.profile.commands.pop(_audience(ask), None)
    _refresh(world)
    return True


@method("getMyCommands")
def get_my_commands(world: World, ask: Params) -> list[JSON]:
    """Return the list of exactly this scope and language."""
    return world.profile.commands.get(_audience(ask), [])


@method("setMyName")
def set_my_name(world: World, ask: Params) -> bool:
    """Set the name on top of the chat."""
    return _set_words(world, ask, "name")


@method("setMyDescription")
def set_my_description(world: World, ask: Params) -> bool:
    """Set what an empty chat shows."""
    return _set_words(world, ask, "description")


@method("setMyShortDescription")
def set_my_short_description(world: World, ask: Params) -> bool:
    """Set what the bot's profile shows."""
    return _set_words(world, ask, "short_description")


@method("getMyName")
def get_my_name(world: World, ask: Params) -> JSON:
    """Return the name."""
    return {"name": world.profile.words_for("name", ask.text("language_code")) or world.me["first_name"]}


@method("getMyDescription")
def get_my_description(world: World, ask: Params) -> JSON:
    """Return the description."""
    return {"description": world.profile.words_for("description", ask.text("language_code"))}


@method("getMyShortDescription")
def get_my_short_description(world: World, ask: Params) -> JSON:
    """Return the short description."""
    return {"short_description": world.profile.words_for("short_description", ask.text("language_code"))}


@method("setChatMenuButton")
def set_chat_menu_button(world: World, ask: Params) -> bool:
    """Set what the menu button does."""
    world.profile.menu_buttons[ask.number("chat_id") or None] = ask.nested("menu_button") or {"type": "default"}
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, ask: Params) -> Any:
    """Return what the menu button does."""
    buttons = world.profile.menu_buttons
    return buttons.get(ask.number("chat_id") or None) or buttons.get(None) or {"type": "default"}


def _forget_webhook(world: World, ask: Params) -> bool:
    world.updates.webhook = None
    _take_wishes(world, ask)
    return True


def _take_wishes(world: World, ask: Params) -> None:
    world.updates.allow(ask.nested("allowed_updates"))
    if ask.flag("drop_pending_updates"):
        world.updates.pending.clear()
    world.updates.bell.ring()


def _audience(ask: Params) -> tuple[str, str]:
    return scope_key(ask.nested("scope")), ask.text("language_code")


def _set_words(world: World, ask: Params, what: str) -> bool:
    world.profile.set_words(what, ask.text(what), ask.text("language_code"))
    _refresh(world)
    return True


def _refresh(world: World) -> None:
    for phone in world.phones.values():
        world.touch(phone)
