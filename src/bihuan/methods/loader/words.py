"""From words as written, Chinese or English, to the one canonical form, by the schema's own table."""

from __future__ import annotations

import difflib
import types
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.base import Amount, Part, Text

from .amends import full_colon
from .nodes import Read

YES, NO = {"是", "对", "需要"}, {"否", "不", "不需要"}
RESERVED = {"原环节": "previous"}  # words that stand for something everywhere a step may stand


@cache
def names(model: type[BaseModel]) -> Mapping[str, tuple[str, FieldInfo]]:
    """Return every word a model's keys may be written as → (canonical key, field)."""
    out: dict[str, tuple[str, FieldInfo]] = {}
    for name, info in model.model_fields.items():
        canonical = info.alias or name
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        for key in (canonical, str(extra.get("zh", ""))):
            if key:
                out[key] = (canonical, info)
    return out


_shapes: dict[Any, tuple[str, Any]] = {}


def shape(annotation: Any) -> tuple[str, Any]:
    """Return ("part", model), ("map", item), ("list", item), ("bool"/"other", None) for a field's annotation."""
    if annotation not in _shapes:
        _shapes[annotation] = _shape(annotation)
    return _shapes[annotation]


def _shape(annotation: Any) -> tuple[str, Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return shape(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        rest = [arg for arg in get_args(annotation) if arg is not type(None)]
        return shape(rest[0]) if len(rest) == 1 else ("other", None)
    if origin is dict:
        return "map", get_args(annotation)[1]
    if origin is list:
        return "list", get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return "part", annotation
    return ("bool", None) if annotation is bool else ("other", None)


class Translator:
    """Turns data as written into canonical data, remembering where each canonical path was written."""

    def __init__(self, read: Read, report: Report) -> None:
        self.read = read
        self.report = report
        self.positions: dict[Path, tuple[int, int]] = {}
        self.holes: set[Path] = set()  # what stood twice, or was guessed
        self.absent: set[Path] = set()  # what may stand under a key that nobody knows

    def part(self, model: type[BaseModel], data: Any, written: Path, path: Path) -> Any:
        """Translate a mapping that should be a ``model``."""
        self.mark(written, path)
        table, out = names(model), {}
        if isinstance(data, str):
            data = self.run_together(data, table, written, path)
        if not isinstance(data, dict) or model in {Text, Amount}:
            return self.brick(data, written, path)
        if "title" in table and data and set(data) <= {"zh", "en", "中文", "英文"}:  # 问: {zh: …, en: …}
            return {"title": self.brick(data, written, (*path, "title"))}
        strange = False
        for key, value in data.items():
            self.mark((*written, key), (*path, key))
            if key not in table:
                near = self.unknown(key, table, (*path, key), (*written, key))
                if near is None or any(word in data for word in table if table[word][0] == table[near][0]):
                    strange = True
                    continue
                canonical, info = table[near]  # read on as what it most likely means
                if canonical in out:
                    continue
                self.guessed(info, canonical, path)
                out[canonical] = self.field(info, value, (*written, key), (*path, canonical))
                continue
            canonical, info = table[key]
            if canonical in out:
                first = next(word for word in data if word in table and table[word][0] == canonical)
                self.twice(key, canonical, first, written, path)
                continue
            out[canonical] = self.field(info, value, (*written, key), (*path, canonical))
        if strange:  # what stands under a key that nobody knows may be any of those that are wanting
            self.absent |= {(*path, canonical) for canonical, _ in table.values() if canonical not in out}
        return out

    def brick(self, data: Any, written: Path, path: Path) -> Any:
        """Translate a Text or an Amount written as a mapping (标题: {中文: …}); leave the rest to the schema."""
        if isinstance(data, dict):
            short: dict[str, str] = {"中文": "zh", "英文": "en", "数量": "amount", "单位": "unit"}
            for key in map(str, data):
                self.mark((*written, key), (*path, short.get(key, key)))
            return {short.get(key, key): value for key, value in data.items()}
        return data

    def field(self, info: FieldInfo, value: Any, written: Path, path: Path) -> Any:
        """Translate the value of one field of a part."""
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        values = extra.get("values") or {}
        back = {str(zh): key for key, zh in values.items()} if isinstance(values, dict) else {}
        return self.value(shape(info.annotation), value, written, path, back)

    def value(self, kind: tuple[str, Any], value: Any, written: Path, path: Path, back: Mapping[str, str]) -> Any:
        """Translate a value of a known shape."""
        self.mark(written, path)
        name, item = kind
        if name == "part":
            return self.part(item, value, written, path)
        if name == "bool" and isinstance(value, str):
            return True if value in YES else False if value in NO else value
        if name == "map" and isinstance(value, dict):
            inner = shape(item)
            return {k: self.value(inner, v, (*written, k), (*path, k), back) for k, v in value.items()}
        if name in {"list", "map"} and isinstance(value, list):
            inner = shape(item) if name == "list" else ("other", None)
            return [self.value(inner, v, (*written, i), (*path, i), back) for i, v in enumerate(value)]
        if name == "list" and isinstance(value, dict):  # one item where a list may stand
            return [self.value(shape(item), value, written, (*path, 0), back)]
        if isinstance(value, str):
            return back.get(value, RESERVED.get(value, value))
        return value

    def mark(self, written: Path, path: Path) -> None:
        """Remember where a canonical path was written."""
        if written in self.read.positions:
            self.positions.setdefault(path, self.read.positions[written])
        if written in self.read.doubled:
            self.holes.add(path)

    def twice(self, key: str, canonical: str, first: str, written: Path, path: Path) -> None:
        """Report a key that stands twice, under two words."""
        old, here = self.report.positions, (*path, canonical)
        self.report.positions = {here: self.read.positions.get((*written, key), (1, 1))}
        self.report.error(
            here,
            "duplicate-key",
            f"“{key}”与上面的“{first}”是同一个意思，写了两遍。",
            f"'{key}' means the same as '{first}' above.",
            "只留一个。",
            "Keep one.",
        )
        self.report.positions = old

    def unknown(self, key: str, table: Mapping[str, Any], path: Path, written: Path) -> str | None:
        """Report a key that does not exist, with the nearest that does; return that one."""
        near = nearest(key, list(table))
        known = "、".join(word for word in table if word > "一")
        self.report.positions = {path: self.read.positions.get(written, (1, 1))}
        self.report.error(
            path,
            "unknown-key",
            f"这里没有“{key}”这一项。",
            f"There is no '{key}' here.",
            f"是不是想写“{near}”？" if near else f"删去它，或改成：{known}。",
            f"Did you mean '{near}'?" if near else "Known: " + ", ".join(w for w in table if w < "一") + ".",
        )
        self.report.positions = self.positions
        return near

    def guessed(self, info: FieldInfo, canonical: str, path: Path) -> None:
        """A guess may be wrong: what a word means that was guessed is never blamed, nor what it leads to."""
        if shape(info.annotation)[0] not in {"map", "part", "list"}:
            self.holes.add((*path, canonical))

    def run_together(self, data: str, table: Mapping[str, Any], written: Path, path: Path) -> Any:
        """Take “标题：经办”, which YAML reads as one word, for a key and a value; say so."""
        key, colon, value = data.partition("：")
        if not colon or key.strip() not in table:
            return data
        place = self.read.values.get(written) or self.read.positions.get(written, (1, 1))
        old, self.report.positions = self.report.positions, {path: place}
        self.report.error(path, *full_colon(key.strip()))
        self.report.positions = old
        return {key.strip(): scalar_of(value.strip())}


def scalar_of(text: str) -> Any:
    """Return a plain value: a whole number where it is one, else the text."""
    return int(text) if text.isdecimal() and len(text) < 10 else text


def nearest(key: str, words: list[str]) -> str | None:
    """Return the word that was most likely meant, or None."""
    found = difflib.get_close_matches(key, words, n=1, cutoff=0.5)
    return found[0] if found else None
