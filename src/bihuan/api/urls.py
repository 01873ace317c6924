"""Addresses of the machine interface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from bihuan.api.v1 import api


def _guarded_by_themselves(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Let requests through to the endpoints: each says who may call (``api.access``), and answers 401 as JSON."""
    found: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            view: Any = pattern.callback
            pattern.callback = login_not_required(view)
        found.append(pattern)
    return found


_patterns, _app, _namespace = api.urls
urlpatterns: list[Any] = [path("v1/", (_guarded_by_themselves(_patterns), _app, _namespace))]
