"""Errors as problem+json (RFC 9457): where, why, and how to mend, in the caller's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan.api.rest.mistakes import problem_of
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused


class TooFast(Exception):
    """Too many requests from one source; ``retry_after`` in seconds, ``why`` in the caller's language."""

    def __init__(self, retry_after: int, why: str) -> None:
        self.retry_after = retry_after
        self.why = why
        super().__init__(f"retry after {retry_after} s")


class TooLarge(Exception):
    """A body longer than ``most`` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"more than {most} bytes")


class BadKey(AuthenticationError):
    """A key that opens nothing: not known, revoked or past its term. Which of these it is, a stranger is not told."""

    def __init__(self) -> None:
        super().__init__(401)

    @property
    def problem(self) -> Problem:
        """Where, why, how."""
        how = _("请检查是否抄全；过期或已作废的，请管理接口的人另建一把。")
        return Problem("Authorization", _("这个密钥不能用。"), how)


class OutOfScope(Exception):
    """A key was made for something else; ``scope`` is what is wanting, "" where no key is let in."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(scope)

    @property
    def problem(self) -> Problem:
        """Where, why, how."""
        if not self.scope:
            return Problem("Authorization", _("这里不收密钥。"), _("请登录后再来。"))
        how = _("请用含有范围 %(scope)s 的密钥。") % {"scope": self.scope}
        return Problem("Authorization", _("这个密钥的范围不够。"), how)


def answer(status: int, kind: str, title: str, problems: Iterable[Problem] = (), **more: Any) -> HttpResponse:
    """Return a problem document."""
    listed = [{"where": p.field, "why": p.why, "how": p.how} for p in problems]
    body = {"type": f"about:blank#{kind}", "title": title, "status": status, "problems": listed, **more}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/problem+json")


def _shape(error: ValidationError) -> list[Problem]:
    return [problem_of(item) for item in error.errors[:50]]


def _used() -> Problem:
    """An act that came before under this id made something; if that is not there, the id was another act's."""
    return Problem("entry_id", _("这个编号已用于另一条记录。"), _("请换一个新编号再发送。"))


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
    handle(ObjectDoesNotExist, lambda e: answer(422, "bad-input", _("填写的内容有误"), [_used()]))
    handle(PermissionDenied, lambda e: answer(403, "forbidden", str(e) or _("没有权限")))
    handle(OutOfScope, lambda e: answer(403, "out-of-scope", _("没有权限"), [e.problem]))
    handle(AuthenticationError, lambda e: answer(401, "sign-in", _("请先登录")))
    handle(BadKey, lambda e: answer(401, "sign-in", _("请先登录"), [e.problem]))
    handle(ValidationError, lambda e: answer(422, "bad-input", _("填写的内容有误"), _shape(e)))
    handle(HttpError, _unreadable)
    handle(TooFast, _too_fast)
    handle(TooLarge, _too_large)


def _unreadable(error: HttpError) -> HttpResponse:
    """Say why a body cannot be read: what the parser found stands behind ninja's own error."""
    found = error.__cause__
    if isinstance(found, BadInput):
        return answer(422, "bad-input", _("填写的内容有误"), found.problems)
    why, how = _("请求读不懂"), _("请对照 /api/v1/openapi.json 检查写法。")
    if isinstance(found, orjson.JSONDecodeError):
        where = {"line": found.lineno, "column": found.colno}
        how = _("请检查第 %(line)s 行第 %(column)s 列：应当是 UTF-8 的 JSON，文字成对加引号。") % where
    return answer(error.status_code, "bad-request", why, [Problem("", why, how)])


def _too_large(error: TooLarge) -> HttpResponse:
    why = _("内容太大。")
    how = _("一次最多 %(most)s KB，请分几次发送。") % {"most": error.most // 1024}
    return answer(413, "too-large", why, [Problem("", why, how)])


def _too_fast(error: TooFast) -> HttpResponse:
    why, how = error.why, _("请稍后再试。")
    response = answer(429, "too-fast", why, [Problem("", why, how)], retry_after=error.retry_after)
    response["Retry-After"] = str(error.retry_after)
    return response
