"""Read YAML, and remember on which line everything stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


class YamlError(Exception):
    """A file that is no YAML; says the line."""


@dataclass
class Lined:
    """A document and the line of each of its places."""

    value: Any
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def line(self, *place: Any) -> int:
        """Give the line of a place, or of the nearest place around it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return 1


def read_yaml(path: Path) -> Lined:
    """Read a file. Raises YamlError with its name, line and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.load(text, Loader=_Loader)
    except OSError as error:
        raise YamlError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise YamlError(f"{path.name}:1: expected text in UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(f"{path.name}:{line}: {error.problem}") from None
    except ValueError as error:
        raise YamlError(f"{path.name}:1: {error}") from None
    document = Lined(value if value is not None else {})
    if node is not None:
        _note(node, (), document.lines)
    return document


class _Loader(yaml.SafeLoader):
    """Leave dates as they are written: our own types read them, and say the field when they cannot."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _note(node: yaml.Node, place: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*place, key.value)] = key.start_mark.line + 1
            _note(value, (*place, key.value), lines)
            lines[(*place, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(item, (*place, index), lines)
