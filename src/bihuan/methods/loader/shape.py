"""From data to typed parts, one problem after another: what is wrong is said, then stood in for, and the rest is read.

Whatever was left out or stood in for is a *hole*: no later check blames the file for what is missing there.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.base import Amount, Text

from .messages import say
from .words import names, shape

MOST_ROUNDS = 200


def validate(model: type[BaseModel], data: Any, prefix: Path, report: Report) -> tuple[Any, bool]:
    """Return ``data`` as a ``model`` and whether it was one; None where it cannot even be stood in for."""
    try:
        return model.model_validate(data), True
    except ValidationError as errors:
        found = errors.errors()
    data, told = copy.deepcopy(data), set()
    for _ in range(MOST_ROUNDS):
        mended: list[Path] = []
        for error in found:
            loc = tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))
            if any(loc[: len(hole)] == hole for hole in mended):
                continue  # stood in for in this round
            info, label = field_at(model, loc)
            if loc not in told:  # what lies in a hole the report drops itself
                report.error((*prefix, *loc), *say(error, label, info))
            told.add(loc)
            data, hole = _mend(model, data, loc, report, prefix)
            report.hole((*prefix, *hole), harmless=_harmless(model, hole))
            mended.append(hole)
        try:
            return model.model_validate(data), False
        except ValidationError as errors:
            found = errors.errors()
    return None, False


def field_at(model: Any, loc: Path) -> tuple[FieldInfo | None, str]:
    """Return the field of the last key of ``loc`` and its Chinese name, walking the schema."""
    kind: tuple[str, Any] = ("part", model)
    label, info = (str(loc[-1]) if loc else ""), None
    for part in loc:
        if kind[0] == "part":
            hit = names(kind[1]).get(str(part))
            if hit is None:
                return None, label
            info = hit[1]
            extra = info.json_schema_extra
            label = str(extra.get("zh", part)) if isinstance(extra, dict) else str(part)
            kind = shape(info.annotation)
        elif kind[0] in {"map", "list"}:
            label, kind = str(part), shape(kind[1])
    return info, label


def _harmless(model: Any, hole: Path) -> bool:
    """Words alone: nothing else in a file depends on them."""
    info, _ = field_at(model, hole)
    return info is not None and shape(info.annotation) == ("part", Text)


def _mend(model: Any, data: Any, loc: Path, report: Report, prefix: Path) -> tuple[Any, Path]:
    """Leave out or stand in for what stands at ``loc``; one level up where that was tried already."""
    where = _deepest(data, loc)
    while where and (*prefix, *where) in report.holes:
        where = where[:-1]
    if not where:
        return stand_in(("part", model)), ()
    node: Any = data
    for part in where[:-1]:
        node = node[part]
    last: Any = where[-1]
    parent, item = _kind(model, where[:-1]), _kind(model, where)
    if isinstance(node, dict) and parent[0] == "part":
        hit = names(parent[1]).get(str(last))
        if hit is None or not hit[1].is_required():
            node.pop(last, None)
        else:
            node[last] = stand_in(item, hit[1], named=str(where[-2]) if len(where) > 1 else "?")
    elif isinstance(node, dict | list):
        node[last] = stand_in(item)  # never taken out of a list: the places of the others would shift
    return data, where


def _deepest(data: Any, loc: Path) -> Path:
    """Return the longest beginning of ``loc`` that can be changed in the data as it stands."""
    node, out = data, 0
    for part in loc:
        if isinstance(node, dict):
            out += 1
            if part not in node:
                break
            node = node[part]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            out += 1
            node = node[part]
        else:
            break
    return loc[:out]


def _kind(model: Any, path: Path) -> tuple[str, Any]:
    kind: tuple[str, Any] = ("part", model)
    for part in path:
        if kind[0] == "part":
            hit = names(kind[1]).get(str(part))
            kind = shape(hit[1].annotation) if hit else ("other", None)
        else:
            kind = shape(kind[1]) if kind[0] in {"map", "list"} else ("other", None)
    return kind


def stand_in(kind: tuple[str, Any], info: FieldInfo | None = None, *, named: str = "?") -> Any:
    """Return something of a kind that the schema takes, to read on with."""
    name, item = kind
    if name == "part":
        if item is Text:
            return {"zh": named}
        if item is Amount:
            return {"amount": 1, "unit": "days"}
        return {
            key: stand_in(shape(spec.annotation), spec, named=named)
            for key, spec in ((spec.alias or field, spec) for field, spec in item.model_fields.items())
            if spec.is_required()
        }
    some = info is not None and any(getattr(rule, "min_length", 0) for rule in info.metadata)
    if name == "map":
        return {"x": stand_in(shape(item), named=named)} if some else {}
    if name == "list":
        return [stand_in(shape(item), named=named)] if some else []
    if name == "bool":
        return False
    extra: Any = info.json_schema_extra if info else None
    values: Mapping[str, str] = (extra.get("values") or {}) if isinstance(extra, dict) else {}
    return next(iter(values), "x")
