"""A local Bot API server that behaves like Telegram's, and the phone page of `make demo`."""
