"""The parameters of one call, whichever way they came: JSON, a form or multipart."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.phone.errors import ApiError, bad_request


@dataclass(slots=True, frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Params:
    """Typed access to the parameters; a form sends every nested value as a JSON string."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a parameter as text, empty when it is absent."""
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number; `default` when absent or, as Telegram does, when it is not one."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def real(self, name: str) -> float:
        """Return a decimal number; raise a 400 when absent or not one."""
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is empty or not a number") from None

    def flag(self, name: str) -> bool:
        """Return a yes/no parameter; absent is no."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes", "y", "t")

    def nested(self, name: str) -> Any:
        """Return an object or a list, None when absent; raise a 400 when it is not JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None


def read_params(content_type: str, query: bytes, body: bytes) -> Params:
    """Read a request into parameters; the body wins over the query string. Raise a 400 for an unreadable body."""
    values: dict[str, Any] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        values |= _json_object(body)
    elif kind == "multipart/form-data":
        fields, uploads = _multipart(content_type, body)
        return Params(values | fields, uploads)
    elif body:
        values |= parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return Params(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return value


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Split a whole multipart body. It is in memory anyway, so a streaming parser would bring nothing."""
    boundary = _option(content_type, "boundary")
    if not boundary:
        raise ApiError(400, "Bad Request: multipart boundary is missing")
    fields: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        headers = _headers(head.decode("utf-8", "replace"))
        disposition = headers.get("content-disposition", "")
        name = _option(disposition, "name")
        if "filename=" in disposition or "filename*=" in disposition:
            mime = headers.get("content-type", "application/octet-stream")
            uploads[name] = Upload(_option(disposition, "filename") or "file", mime, data)
        else:
            fields[name] = data.decode("utf-8", "replace")
    return fields, uploads


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines if name.strip()}


def _option(header: str, name: str) -> str:
    """Return one `name=value` of a header, without its quotes."""
    hit = re.search(rf';\s*{name}=(?:"([^"]*)"|([^;]*))', header, re.IGNORECASE)
    return (hit.group(1) or hit.group(2) or "").strip() if hit else ""
