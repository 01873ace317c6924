"""Addresses of the machine interface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from bihuan.api import feeds
from bihuan.api.open311.calls import open311
from bihuan.api.open311.writing import errors
from bihuan.api.rest.problems import answer
from bihuan.api.rest.v1 import api
from bihuan.kernel.api import Problem


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


@csrf_exempt
@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer an address that there is not in the interface's own shape."""
    how = _("请对照 /api/v1/openapi.json 检查地址和编号。")
    return answer(404, "not-found", _("没有找到，或者您没有查看的权限"), [Problem("", _("没有这个地址"), how)])


@csrf_exempt
@login_not_required
def nothing_in_open311(request: HttpRequest) -> HttpResponse:
    """Answer an address that there is not as GeoReport v2 writes errors."""
    fmt = "xml" if request.path.endswith(".xml") else "json"
    return errors(404, [Problem("", _("没有这个地址"), _("地址以 .json 或 .xml 结尾，见 discovery。"))], fmt)


urlpatterns: list[Any] = [
    path("api/v1/", _mounted(api)),
    path("open311/v2/", _mounted(open311)),
    re_path(r"^api/v1/[\s\S]*$", nothing_here),
    re_path(r"^open311/v2/[\s\S]*$", nothing_in_open311),
    path("calendar/own/<str:token>.ics", feeds.own, name="calendar_own"),
    path("calendar/<str:code>.ics", feeds.public, name="calendar"),
]
