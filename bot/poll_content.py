"""What an organiser wrote of a poll, as the database keeps it (JSON), and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flows.poll_facts import PollContent, PollOption, PollQuestion


def to_json(content: PollContent) -> str:
    """Write a poll's content."""
    return json.dumps(
        {
            "group": content.group,
            "title": dict(content.title),
            "why": dict(content.why),
            "use": dict(content.use),
            "questions": [_question(question) for question in content.questions],
            "audience": dict(content.audience),
            "rested": content.rested,
            "secret": content.secret,
            "anyone": content.anyone,
            "opens": content.opens.isoformat() if content.opens else None,
            "closes": content.closes.isoformat() if content.closes else None,
            "zone": content.zone,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _question(question: PollQuestion) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "text": dict(question.text),
        "options": [{"id": option.id, "text": dict(option.text)} for option in question.options],
        "low": question.low,
        "high": question.high,
    }


def from_json(text: str) -> PollContent:
    """Read a poll's content."""
    kept = json.loads(text)
    return PollContent(
        group=kept["group"],
        title=kept["title"],
        why=kept["why"],
        use=kept["use"],
        questions=tuple(
            PollQuestion(
                id=question["id"],
                kind=question["kind"],
                text=question["text"],
                options=tuple(PollOption(option["id"], option["text"]) for option in question["options"]),
                low=question["low"],
                high=question["high"],
            )
            for question in kept["questions"]
        ),
        audience=kept["audience"],
        rested=kept["rested"],
        secret=kept["secret"],
        anyone=kept["anyone"],
        opens=datetime.fromisoformat(kept["opens"]) if kept["opens"] else None,
        closes=datetime.fromisoformat(kept["closes"]) if kept["closes"] else None,
        zone=kept["zone"],
    )
