"""A difference between two versions in words: “办理时限：其余 15 个工作日 → 10 个工作日”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .loader.words import names, shape
from .method import Method
from .schema.base import Amount, Text
from .schema.model import MethodFile
from .sections import sections

LONGEST = 60
_ROLES = {
    "by", "from", "tell", "assigns", "distinct_from", "holds", "rates",
    "who", "levels", "stand_in", "together", "units", "managed_by", "review", "organisers",
}  # fmt: skip


def words(a: Method, b: Method, parts: tuple[str, ...], old: Any, new: Any, kind: str, language: str) -> str:
    """Return one difference in one language; ``parts`` are the canonical keys that lead to it."""
    english = language.startswith("en")
    titles, keys, info = _where(a, b, parts, language)
    colon = ": " if english else "："
    place = " · ".join(titles) + (colon if titles and keys else "") + " ".join(keys)
    before, after = (_said(value, parts, info, a if value is old else b, language) for value in (old, new))
    if kind == "changed":
        return f"{place} {before} → {after}"
    word = {"added": ("新增", "added"), "removed": ("删去", "removed")}[kind][english]
    what = after if kind == "added" else before
    same = not keys and titles and titles[-1] == what
    return f"{place}{colon}{word}" + ("" if same else f" {what}")


def _where(a: Method, b: Method, parts: tuple[str, ...], language: str) -> tuple[list[str], list[str], Any]:
    """Return the titles met on the way, the keys after the last of them, and the field at its end."""
    english, titles, keys, info = language.startswith("en"), [], [], None
    kind: tuple[str, Any] = ("part", MethodFile)
    here: list[Any] = [_dump(a), _dump(b)]
    wrapped = sections()[parts[0]].wraps if parts and parts[0] in sections() else ""
    for number, part in enumerate(parts):
        here = [node.get(part) if isinstance(node, dict) else None for node in here]
        section = sections().get(part) if number == 0 else None
        if section is not None:
            kind = ("part", section.model)
            keys.append(section.key if english else section.zh)
            continue
        if kind[0] == "part" and (hit := names(kind[1]).get(part)):
            info, kind = hit[1], shape(hit[1].annotation)
            if number == 1 and part == wrapped:
                continue  # not written in the file
            if part == "fixed" or (part == "limit" and len(parts) > number + 1 and parts[number + 1] != "fixed"):
                continue  # said by what stands under it
            extra: Any = info.json_schema_extra or {}
            keys.append(part.replace("_", " ") if english else str(extra.get("zh", part)))
            continue
        kind = shape(kind[1]) if kind[0] in {"map", "list"} else ("other", None)
        title = next((t for node in here if (t := _title(node, language))), "")
        if title:
            titles.append(title)
            keys = []
        else:
            keys.append(_option(a, b, parts[:number], part, language))
    return titles, keys, info


def _option(a: Method, b: Method, above: tuple[str, ...], value: str, language: str) -> str:
    """Return what a row of a limit's table is called: the option of the field it goes by."""
    if len(above) >= 4 and above[0] == "clocks" and above[3] == "table":
        for method in (b, a):
            clock = method.clocks.get(above[1])
            spec = method.fields.get(clock.limit.by) if clock else None
            if spec and value in spec.options:
                return spec.options[value].say(language)
    return value


def _dump(method: Method) -> dict[str, Any]:
    from .compare import dump

    return dump(method)


def _title(node: Any, language: str) -> str:
    if isinstance(node, Mapping):
        text = node.get("title", node if "zh" in node else None)
        if isinstance(text, Mapping) and "zh" in text:
            return Text.model_validate(text).say(language)
    return ""


def _said(value: Any, parts: tuple[str, ...], info: Any, method: Method, language: str) -> str:
    """Return a value as people write it."""
    english = language.startswith("en")
    if value is None or value == "":
        return "none" if english else "（无）"
    if isinstance(value, bool):
        return (("no", "yes") if english else ("否", "是"))[value]
    if isinstance(value, Mapping):
        return _group(value, language)
    if isinstance(value, list):
        comma = ", " if english else "、"
        return _short(comma.join(_said(item, parts, info, method, language) for item in value or [None]))
    extra: Any = getattr(info, "json_schema_extra", None) or {}
    values = extra.get("values") or {}
    if str(value) in values and not english:
        return str(values[str(value)])
    if parts[-1] in _ROLES:
        return method.role_title(str(value)).say(language)
    if parts[-1] in {"step", "enter", "leave", "at", "skip_to"} and value in method.steps:
        return method.steps[value].title.say(language)
    if parts[-1] == "outcome" and value in method.outcomes:
        return method.outcomes[value].title.say(language)
    return _short(f"{value:g}" if isinstance(value, float) else str(value))


def _group(value: Mapping[str, Any], language: str) -> str:
    if set(value) == {"amount", "unit"}:
        return Amount.model_validate(dict(value)).say(language)
    title = _title(value, language)
    if title:
        return title
    comma = ", " if language.startswith("en") else "、"
    return _short(comma.join(_title(item, language) or str(key) for key, item in value.items()))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
