"""How the server refuses a call: Telegram's codes in Telegram's words."""

from typing import Any


class ApiError(Exception):
    """A refused call: HTTP status, Telegram's description, and its `parameters` object if it has one."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the body that Telegram would answer with."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class Cut(Exception):
    """The connection is to be cut without an answer."""


def bad_request(what: str) -> ApiError:
    """Return a 400 with `what` after Telegram's usual prefix."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """Return a 403 with `what` after Telegram's usual prefix."""
    return ApiError(403, f"Forbidden: {what}")


def too_many(seconds: int) -> ApiError:
    """Return a 429 that asks to wait `seconds`, in words and in `parameters.retry_after`."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
