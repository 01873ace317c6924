"""Addresses of the machine interface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from bihuan.api import feeds
from bihuan.api.open311.calls import open311
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


def _mounted(made: NinjaAPI) -> Any:
    patterns, app, namespace = made.urls
    return _guarded_by_themselves(patterns), app, namespace


urlpatterns: list[Any] = [
    path("api/v1/", _mounted(api)),
    path("open311/v2/", _mounted(open311)),
    path("calendar/own/<str:token>.ics", feeds.own, name="calendar_own"),
    path("calendar/<str:code>.ics", feeds.public, name="calendar"),
]
