"""The JSON Schema of method files, for editors: every key in both languages, made from the models."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from bihuan.methods.loader.words import names, shape
from bihuan.methods.schema.base import LENGTH_WORDS
from bihuan.methods.schema.model import MethodFile

ID = "https://bihuan.example/method-file.schema.json"
_TEXT: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("zh", "en", "中文", "英文")},
            "anyOf": [{"required": ["zh"]}, {"required": ["中文"]}],
            "additionalProperties": False,
        },
    ]
}


def json_schema() -> dict[str, Any]:
    """Return the schema, sections registered by other packages included."""
    from bihuan.methods.sections import sections

    definitions: dict[str, Any] = {"Text": _TEXT, "Amount": _amount()}
    root = _object(MethodFile, definitions)
    for section in sections().values():
        if section.wraps:
            entry = _value(names(section.model)[section.wraps][1].annotation, {}, definitions)
        else:
            entry = _define(section.model, definitions)
        for key in (section.key, section.zh):
            root["properties"][key] = {**entry, "description": f"{section.doc} / {section.doc_en}"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "工作法文件 / work method file",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def json_schema_text() -> str:
    """Return the schema as it is published in ``docs/method-file.schema.json``."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _amount() -> dict[str, Any]:
    units = "|".join(LENGTH_WORDS)
    return {"type": "string", "pattern": rf"^\s*\d+(\.\d+)?\s*个?\s*({units})\s*$"}


def _object(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[dict[str, Any]] = []
    by_key: dict[str, list[str]] = {}
    for written, (canonical, info) in names(model).items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        values = extra.get("values")
        schema = _value(info.annotation, values if isinstance(values, dict) else {}, definitions)
        properties[written] = {**schema, "description": f"{info.description} / {extra.get('doc_en', '')}"}
        by_key.setdefault(canonical, []).append(written)
        if info.is_required() and len(by_key[canonical]) == 1:
            required.append({"anyOf": by_key[canonical]})
    out: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        out["allOf"] = [{"anyOf": [{"required": [word]} for word in group["anyOf"]]} for group in required]
    return out


def _value(annotation: Any, values: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    kind, item = shape(annotation)
    if kind == "part":
        return _define(item, definitions)
    if kind == "bool":
        return {"enum": [True, False, "是", "否"]}
    if kind == "map":
        entry = _value(item, values, definitions)
        plain = {"type": "array", "items": {"type": "string"}}
        return {"anyOf": [{"type": "object", "additionalProperties": entry}, plain, {"type": "string"}]}
    if kind == "list":
        entry = _value(item, values, definitions)
        return {"anyOf": [{"type": "array", "items": entry}, entry, {"type": "string"}]}
    if values:
        return {"anyOf": [{"enum": [*values, *values.values()]}, {"type": ["integer", "null"]}]}
    return (
        {"type": ["string", "number", "boolean", "null", "array", "object"]}
        if annotation is Any
        else _scalar(annotation)
    )


def _scalar(annotation: Any) -> dict[str, Any]:
    text = str(annotation)
    types = [name for mark, name in (("int", "integer"), ("float", "number"), ("str", "string")) if mark in text]
    if "Literal" in text:
        return {}
    return {"type": [*types, "null"]} if types else {}


def _define(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    name = model.__name__
    if name not in definitions:
        definitions[name] = {}  # a recursive model refers to itself
        schema = _object(model, definitions)
        others: list[dict[str, Any]] = []
        if "标题" in names(model):  # 问: {zh: …} and 问: words
            others.append(_TEXT)
        if any(function.__name__ == "_plain" for function in _before(model)):
            others.append({"type": ["string", "integer", "array"], "items": {"type": "string"}})
        schema = {"anyOf": [schema, *others]} if others else schema
        definitions[name] = schema
    return {"$ref": f"#/$defs/{name}"}


def _before(model: type[BaseModel]) -> list[Any]:
    return [decorator.func for decorator in model.__pydantic_decorators__.model_validators.values()]


__all__ = ["ID", "json_schema", "json_schema_text"]
