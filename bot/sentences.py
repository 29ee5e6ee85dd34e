"""Every sentence that the code can say, found in its source: the calls of `_` and `_n`."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("flows", "bot")


def sentences() -> dict[str, str | None]:
    """Give each sentence with its plural, or None."""
    found: dict[str, str | None] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_n"):
                    texts = [
                        arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                    ]
                    if texts:
                        found[texts[0]] = texts[1] if node.func.id == "_n" else None
    return found
