"""Answers in the two shapes of GeoReport v2: XML without schema or namespace, and JSON by the Spark convention.

By that convention a list is a JSON array without the name of its element, and an empty element is ``null``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import orjson
from django.http import HttpResponse

from bihuan.kernel.api import Problem

# What a list's elements are called in XML.
CHILDREN = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# XML 1.0 has no place for these, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, body: Any, fmt: str, status: int = 200) -> HttpResponse:
    """Return a body in the format that was asked for; other sites' scripts may read it."""
    if fmt == "xml":
        text = ET.tostring(element(root, body), encoding="utf-8", xml_declaration=True)
        response = HttpResponse(text, status=status, content_type="text/xml; charset=utf-8")
    else:
        response = HttpResponse(orjson.dumps(body), status=status, content_type="application/json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def element(name: str, value: Any) -> ET.Element:
    """Return a value as an XML element: mappings by name, lists by ``CHILDREN``, nothing as an empty element."""
    made = ET.Element(name)
    if isinstance(value, Mapping):
        made.extend(element(key, inner) for key, inner in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        made.extend(element(CHILDREN[name], inner) for inner in value)
    elif isinstance(value, bool):
        made.text = "true" if value else "false"
    elif value is not None:
        made.text = _NO_XML.sub("�", str(value))
    return made


def errors(status: int, problems: Sequence[Problem], fmt: str) -> HttpResponse:
    """Return errors as GeoReport v2 writes them, each saying where, why and how to mend."""
    told = [
        {"code": status, "description": " ".join(part for part in (_where(one), one.why, one.how) if part)}
        for one in problems
    ]
    return answer("errors", told, fmt, status)


def _where(problem: Problem) -> str:
    return f"{problem.field}:" if problem.field else ""
