"""Errors as problem+json (RFC 9457): where, why, and how to mend, in the caller's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused


class TooFast(Exception):
    """Too many requests from one source; ``retry_after`` in seconds, ``why`` in the caller's language."""

    def __init__(self, retry_after: int, why: str) -> None:
        self.retry_after = retry_after
        self.why = why
        super().__init__(f"retry after {retry_after} s")


def answer(status: int, kind: str, title: str, problems: Iterable[Problem] = (), **more: Any) -> HttpResponse:
    """Return a problem document."""
    listed = [{"where": p.field, "why": p.why, "how": p.how} for p in problems]
    body = {"type": f"about:blank#{kind}", "title": title, "status": status, "problems": listed, **more}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/problem+json")


def _shape(error: ValidationError) -> list[Problem]:
    found = []
    for item in error.errors[:50]:
        where = ".".join(str(part) for part in item.get("loc", ()) if part not in {"body", "payload", "query", "path"})
        found.append(Problem(where, str(item.get("msg", "")), _("请对照 /api/v1/openapi.json 检查这一项。")))
    return found


def install(api: NinjaAPI) -> None:
    """Register a handler for every error that a use case may raise."""

    def handle(kind: type[Exception], fn: Callable[[Any], HttpResponse]) -> None:
        def handler(request: HttpRequest, error: Any) -> HttpResponse:
            return fn(error)

        api.add_exception_handler(kind, handler)

    handle(BadInput, lambda e: answer(422, "bad-input", _("填写的内容有误"), e.problems))
    handle(Refused, lambda e: answer(409, "refused", _("现在不能这样做"), e.problems))
    handle(
        Conflict,
        lambda e: answer(409, "conflict", _("已被别人先办理"), e.problems, current_version=e.current_version),
    )
    handle(NotFound, lambda e: answer(404, "not-found", _("没有找到"), e.problems))
    handle(Http404, lambda e: answer(404, "not-found", _("没有找到，或者您没有查看的权限")))
    handle(PermissionDenied, lambda e: answer(403, "forbidden", str(e) or _("没有权限")))
    handle(AuthenticationError, lambda e: answer(401, "sign-in", _("请先登录")))
    handle(ValidationError, lambda e: answer(422, "bad-input", _("填写的内容有误"), _shape(e)))
    handle(HttpError, lambda e: answer(e.status_code, "bad-request", _("请求读不懂"), [Problem("", e.message)]))
    handle(TooFast, _too_fast)


def _too_fast(error: TooFast) -> HttpResponse:
    why, how = error.why, _("请稍后再试。")
    response = answer(429, "too-fast", why, [Problem("", why, how)], retry_after=error.retry_after)
    response["Retry-After"] = str(error.retry_after)
    return response
