"""Edits of the text of a method file that keep its comments and order."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from .loader.words import names, shape
from .schema.model import MethodFile
from .sections import sections


def set_value(text: str, path: tuple[str | int, ...], value: Any) -> str:
    """Return ``text`` with the value at ``path`` replaced (or added); comments and order stay.

    Args:
        text: a method file, keys in Chinese or English.
        path: canonical keys, such as ``("clocks", "act", "limit", "otherwise")``.
        value: plain data; keys in it are written as given.

    Raises:
        KeyError: when what is above the last key is not there.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    data = yaml.load(text)
    node: Any = data
    kind: tuple[str, Any] = ("part", MethodFile)
    for number, part in enumerate(path):
        written, kind = _written(node, part, kind)
        if number == len(path) - 1:
            node[written] = value
        else:
            node = node[written]
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _written(node: Any, part: str | int, kind: tuple[str, Any]) -> tuple[Any, tuple[str, Any]]:
    """Return the key as the file writes it, and the shape below it."""
    if isinstance(node, CommentedSeq):
        return part, (shape(kind[1]) if kind[0] == "list" else ("other", None))
    if not isinstance(node, CommentedMap):
        raise KeyError(part)
    if kind[0] == "part":
        for section in sections().values():
            if kind[1] is MethodFile and part == section.key:
                return (section.zh if section.zh in node else section.key), ("part", section.model)
        table = names(kind[1])
        words = [word for word, (canonical, _) in table.items() if canonical == part]
        if not words:
            raise KeyError(part)
        written = next((word for word in words if word in node), words[-1])
        return written, shape(table[words[0]][1].annotation)
    return part, (shape(kind[1]) if kind[0] == "map" else ("other", None))
