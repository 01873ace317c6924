"""Who calls: a session with its CSRF token, or nobody known; and how often each may."""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import copy

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.utils import check_csrf

from bihuan.api.keys import actor_of_key, bearer
from bihuan.api.rest.problems import OutOfScope, TooFast, TooLarge
from bihuan.kernel.api import BadInput, Problem, hit, hit_lightly, source_of
from bihuan.people.api import MATTER_RECORD, Actor, actor_for, require

# Of one address, which a whole building may share; and of one person signed in.
REPORTS_PER_HOUR = int(os.environ.get("BIHUAN_REPORTS_PER_HOUR", "240"))
# Of one person who records for others: twelve full batches, a day's paper typed in at once.
STAFF_REPORTS_PER_HOUR = int(os.environ.get("BIHUAN_STAFF_REPORTS_PER_HOUR", "6000"))
LOOK_UPS_PER_MINUTE = int(os.environ.get("BIHUAN_LOOK_UPS_PER_MINUTE", "600"))
# The longest body of a call that holds one thing; of a queue or a batch, which hold many.
ONE = 256 * 1024
MANY = 4 * 1024 * 1024
FILE = 5 * 1024 * 1024  # a table that people keep, its bytes as they are
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def _checked(request: HttpRequest) -> Actor:
    """Return the caller; a session's writes need its CSRF token, as another site could send its cookie along.

    A key is never taken for a session: where one is let in, ``Key`` has read it before.
    """
    if bearer(request):
        raise OutOfScope("")
    actor = actor_for(request)
    if actor.person_id is not None and request.method not in _SAFE and not _has_token(request):
        raise PermissionDenied(_("缺少或不对的 CSRF 令牌；请在请求头 X-CSRFToken 中带上。"))
    return actor


def _has_token(request: HttpRequest) -> bool:
    """Look for the token in the header alone: of a POST, Django would first read the body for a form's field."""
    without_form = copy(request)
    without_form.method = "PUT"
    return check_csrf(without_form) is None


def anyone(request: HttpRequest) -> Actor:
    """Return the caller, known or not."""
    return _checked(request)


def signed_in(request: HttpRequest) -> Actor:
    """Return the caller, who must be known.

    Raises:
        AuthenticationError: nobody is signed in.
    """
    actor = _checked(request)
    if actor.person_id is None:
        raise AuthenticationError(401)
    return actor


def slow_down(request: HttpRequest, actor: Actor, *, times: int = 1) -> None:
    """Count ``times`` reports of this person, or of this address where nobody is known.

    Whoever records for others has a limit of their own, and only theirs is counted in full: a batch of anybody else
    is refused by the permission rule, in words that say so.

    Raises:
        TooFast: when they were too many.
    """
    if actor.via:
        return  # a key has its own limit, by the minute
    if actor.person_id is None:
        decision = hit("api-report", source_of(request), REPORTS_PER_HOUR, 3600)
        why = _("这个网络在短时间内提交得太多了。")
    else:
        staff = bool(actor.areas_with(MATTER_RECORD))
        most, count = (STAFF_REPORTS_PER_HOUR, times) if staff else (REPORTS_PER_HOUR, 1)
        decision = hit_lightly("api-person", actor.person_id.hex, most, 3600, times=count)
        why = _("您在短时间内提交得太多了。")
    if not decision.allowed:
        raise TooFast(decision.retry_after, why)


def paced(request: HttpRequest, actor: Actor, bucket: str, most: int, seconds: int) -> None:
    """Count one act that anybody may do, by address, in the same bucket as the page for it.

    Raises:
        TooFast: when they were too many.
    """
    if not actor.via:  # a key has its own limit, by the minute
        decision = hit(bucket, source_of(request), most, seconds)
        if not decision.allowed:
            raise TooFast(decision.retry_after, _("这个网络在短时间内提交得太多了。"))


def look_up(request: HttpRequest) -> None:
    """Count a look-up of public data by whoever shows no key: of one address, some every second.

    Raises:
        TooFast: when they were too many.
    """
    if not bearer(request):
        decision = hit_lightly("api-public", source_of(request), LOOK_UPS_PER_MINUTE, 60)
        if not decision.allowed:
            raise TooFast(decision.retry_after, _("这个网络在短时间内查询得太多了。"))


class Caller:
    """Who calls and how much they send: settled before a byte of the body is read."""

    def __init__(self, who: Callable[[HttpRequest], Actor] = anyone, *, most: int = ONE, needs: str = "") -> None:
        self._who, self._most, self._needs = who, most, needs

    def __call__(self, request: HttpRequest) -> Actor:
        """Return the actor.

        Raises:
            As ``who``. PermissionDenied: they hold what is needed nowhere. TooLarge: the body is longer than it may be.
        """
        actor = self._who(request)
        if self._needs:
            require(actor, self._needs)
        if length_of(request) > self._most:
            raise TooLarge(self._most)
        return actor


class Session(Caller):
    """Somebody signed in: what OpenAPI says of it is the site's own session cookie."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __init__(self, who: Callable[[HttpRequest], Actor] = signed_in, *, most: int = ONE, needs: str = "") -> None:
        super().__init__(who, most=most, needs=needs)


class Key(Caller):
    """A machine's key that has a scope; without one in the header the next way in is tried."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str, *, most: int = ONE, needs: str = "") -> None:
        super().__init__(lambda request: actor_of_key(request, bearer(request), scope), most=most, needs=needs)
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Actor | None:  # type: ignore[override]
        """Return the actor, None without a key.

        Raises:
            As ``actor_of_key`` and ``Caller``.
        """
        if not bearer(request):
            return None
        request.key_scope = self.scope  # type: ignore[attr-defined]
        return super().__call__(request)


def keyed(scope: str, other: Caller | None = None, *, most: int = ONE, needs: str = "") -> list[Caller]:
    """Return the ways into an address: a key with ``scope``, or ``other`` (somebody signed in).

    ``needs``: a permission without which somewhere at all nothing is read of what they send.
    """
    return [Key(scope, most=most, needs=needs), other or Session(most=most, needs=needs)]


def caller(request: HttpRequest) -> Actor:
    """Return whom ``Caller`` let in."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def length_of(request: HttpRequest) -> int:
    """Return how long the body says it is; the server reads no more than that."""
    said = str(request.META.get("CONTENT_LENGTH") or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def file_of(request: HttpRequest) -> bytes:
    """Return a body that is a file, its bytes as they are; who sends it and how long it is was settled before.

    Raises:
        BadInput: it is wrapped in a form, as browsers and many programs send files.
    """
    if str(request.META.get("CONTENT_TYPE", "")).lower().startswith("multipart/"):
        how = _("请把文件的字节直接作为请求正文，Content-Type 写 application/octet-stream。")
        raise BadInput(Problem("file", _("收到的是表单，不是文件本身。"), how))
    return request.read(FILE + 1)  # a byte too many is refused by the reader, in its words
