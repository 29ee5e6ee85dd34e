"""Find the words: catalogues read at start; dates, plurals and lists by CLDR; isolates in right-to-left text."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from html import escape
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_date_format, get_datetime_format
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from flows.messages import Day, Hour, Lines, Listing, Moment, Msg, Name, Spoken, Text, Ticked, Told, Value

LOCALES = Path(__file__).parent.parent / "locales"
SOURCE = "en"
REGIONAL = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
ISOLATE, POP = "\u2068", "\u2069"  # first strong isolate, pop directional isolate (Unicode bidi, UAX 9)
RIGHT_TO_LEFT = "\u200f"  # begins a line that has no letter of its own, only places: those do not say which way it goes
RTL_LETTER = re.compile("[\u0590-\u060b\u060d-\u061a\u061c-\u061e\u0620-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # no comma
NUMBER = re.compile(r"\+?[\d /.-]+")
COMMAND = re.compile(r"(?<![\w/<])/[a-z]+\b")
PLACE = re.compile(r"\{(\w+)\}")


class LanguageError(Exception):
    """A folder of `locales/` cannot be used; says which and why."""


@dataclass(frozen=True)
class Language:
    """One language: its catalogue and its rules."""

    code: str
    locale: Locale
    messages: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]
    others: Mapping[str, Language] = field(default_factory=dict, compare=False, repr=False)
    """All languages, itself too, for what is said in a language of its own."""

    @property
    def name(self) -> str:
        """Give the language's own name for itself."""
        name = Locale.parse(self.code).get_display_name(self.code) or self.code
        return name[:1].upper() + name[1:]

    @property
    def rtl(self) -> bool:
        """Tell whether it is written from right to left."""
        return self.locale.text_direction == "rtl"

    def words(self, msg: Msg) -> str:
        """Find the sentence for a message, in its plural form, with its places still open."""
        n = msg.params.get("n")
        forms = self.messages.get(msg.id)
        if msg.many is not None and isinstance(n, int):
            if forms is None:
                return msg.id if n == 1 else msg.many
            return forms[min(self.plural(n), len(forms) - 1)]
        return forms[0] if forms else msg.id

    def text(self, text: Value) -> str:
        """Render a text as HTML for Telegram: markup of the sentence is kept, what fills it is escaped."""
        match text:
            case Msg() if not text.params and "{" not in text.id:
                return self.words(text)
            case Msg():
                words = self.words(text)
                filled = PLACE.sub(lambda place: self.fill(msg_value(text, place[1])), words)
                return f"{RIGHT_TO_LEFT}{filled}" if self.rtl and not RTL_LETTER.search(words) else filled
            case Lines():
                return "\n".join(self.text(line) for line in text.lines)
            case Ticked():
                label = self.text(text.label)
                return label if label.startswith("✅") else f"✅ {label}"
            case Name():  # alone: nothing around it that it could disturb
                return escape(text.text, quote=False)
            case Told():
                return escape(self.told(text), quote=False)
            case Spoken():
                return self.others.get(text.language, self).text(text.text)
            case _:
                return self.fill(text)

    def fill(self, value: Value) -> str:
        """Render what fills a place of a sentence."""
        match value:
            case bool() | int():
                return self.apart(str(value))
            case str():
                return self.apart(escape(value, quote=False))
            case Name():
                return self.apart(escape(value.text, quote=False))
            case Told():
                return self.apart(escape(self.told(value), quote=False))
            case Day():
                return self.day(value.date, value.dated)
            case Hour():
                return self.apart(self.hour(value.time))
            case Moment():
                return self.moment(value.at, value.short)
            case Listing():
                return format_list([self.fill(item) for item in value.items], locale=self.locale)
            case _:
                return self.text(value)

    def plain(self, text: Value) -> str:
        """Render a text without markup: for buttons, files and tests."""
        return re.sub(r"<[^>]+>", "", self.text(text)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def told(self, told: Told) -> str:
        """Choose among what an organiser wrote: this language, else Dutch, else any."""
        texts = told.texts
        return texts.get(self.code) or texts.get("nl") or next(filter(None, texts.values()), "")

    def apart(self, text: str) -> str:
        """Isolate foreign text where its direction could disturb the sentence around it."""
        if self.rtl and NUMBER.fullmatch(text):
            text = text.replace(" ", "\u00a0")  # a phone number that breaks over two lines reads backwards
        return f"{ISOLATE}{text}{POP}" if self.rtl or RTL_LETTER.search(text) else text

    def day(self, day: date, dated: bool = False) -> str:
        """Write a date with its weekday in CLDR's full form, less the year: meetings are soon. `dated` keeps the year."""
        if dated:
            return format_date(day, "long", locale=self.locale)
        pattern = re.sub(r"[\s,،]*y+", "", get_date_format("full", locale=self.locale).pattern)
        return format_date(day, pattern, locale=self.locale)

    def hour(self, hour: time) -> str:
        """Write a wall-clock time in 24 hours, as people here do in every language."""
        return f"{hour:%H:%M}"

    def moment(self, at: datetime, short: bool = False) -> str:
        """Write a date and a time together, in CLDR's order."""
        if short:
            return f"{format_skeleton('MMMEd', at, locale=self.locale)} {self.apart(self.hour(at.time()))}"
        pattern = str(get_datetime_format("full", locale=self.locale)).replace("'", "")
        return pattern.replace("{1}", self.day(at.date())).replace("{0}", self.apart(self.hour(at.time())))


def msg_value(msg: Msg, name: str) -> Value:
    """Give what fills a place. Raises KeyError naming the message when nothing does."""
    try:
        return msg.params[name]
    except KeyError:
        raise KeyError(f"the message {msg.id!r} has no value for {{{name}}}") from None


class Languages(Mapping[str, Language]):
    """Every language there is a folder for. Unknown codes fall back to Dutch."""

    def __init__(self, folder: Path = LOCALES):
        folders = [path for path in sorted(folder.iterdir()) if (path / "LC_MESSAGES").is_dir()]
        self._all: dict[str, Language] = {}
        self._all.update({path.name: replace(read_language(path), others=self._all) for path in folders})
        if SOURCE not in self._all or "nl" not in self._all:
            raise LanguageError(f"{folder}: expected the folders en and nl, found {', '.join(self._all) or 'none'}")

    def __getitem__(self, code: str) -> Language:
        return self._all[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of(self, *codes: str | None) -> Language:
        """Give the first known of these codes (`fr-BE` counts as `fr`), else Dutch."""
        for code in codes:
            short = (code or "").lower().replace("_", "-").split("-")[0]
            if short in self._all:
                return self._all[short]
        return self._all["nl"]

    def names(self) -> dict[str, str]:
        """Give the languages' own names by code, Dutch first."""
        return {code: self._all[code].name for code in sorted(self._all, key=lambda code: (code != "nl", code))}


def read_language(folder: Path) -> Language:
    """Read one folder of `locales/`. Raises LanguageError with the folder and what is wrong."""
    code = folder.name
    try:
        locale = Locale.parse(REGIONAL.get(code, code))
    except (UnknownLocaleError, ValueError) as unknown:
        raise LanguageError(
            f"locales/{code}: CLDR knows no language {code!r}; name the folder by its ISO code"
        ) from unknown
    catalog = read_catalog(folder / "LC_MESSAGES" / "messages.po", code)
    messages: dict[str, tuple[str, ...]] = {}
    rtl = locale.text_direction == "rtl"
    for message in catalog:
        forms = tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            id = message.id[0] if isinstance(message.id, tuple | list) else message.id
            messages[id] = tuple(_apart_commands(str(form)) if rtl else str(form) for form in forms)
    return Language(code, locale, messages, read_plural(catalog, code))


def read_plural(catalog: Catalog, code: str) -> Callable[[int], int]:
    """Read which form a number takes from the file's own header: translators' tools number the Arabic forms otherwise
    than Babel. Raises LanguageError."""
    try:
        return gettext.c2py(catalog.plural_expr)
    except ValueError as wrong:
        raise LanguageError(f"locales/{code}/LC_MESSAGES/messages.po: Plural-Forms: {wrong}") from wrong


def _apart_commands(text: str) -> str:
    """Isolate `/stop` in right-to-left text, where it would show as `stop/`."""
    return COMMAND.sub(rf"{ISOLATE}\g<0>{POP}", text)


def read_catalog(path: Path, code: str) -> Catalog:
    """Read a catalogue file. Raises LanguageError with the file and line."""
    if not path.is_file():
        raise LanguageError(f"locales/{code}: expected {path.name} in LC_MESSAGES")
    try:
        with path.open("rb") as file:
            return read_po(file, locale=code, abort_invalid=True)
    except Exception as broken:
        raise LanguageError(f"locales/{code}/LC_MESSAGES/messages.po: {broken}") from broken


def texts_in(text: Text) -> Iterator[Msg]:
    """Walk all messages inside a text."""
    match text:
        case Msg():
            yield text
            for value in text.params.values():
                for inside in value.items if isinstance(value, Listing) else (value,):
                    if isinstance(inside, Msg | Lines | Ticked):
                        yield from texts_in(inside)
        case Lines():
            for line in text.lines:
                yield from texts_in(line)
        case Ticked():
            yield from texts_in(text.label)
        case Spoken():
            yield from texts_in(text.text)
        case _:
            return
