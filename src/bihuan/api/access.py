"""Who calls: a session with its CSRF token, or nobody known; and how often nobody known may."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.utils import check_csrf

from bihuan.api.problems import TooFast
from bihuan.kernel.api import hit
from bihuan.people.api import Actor, actor_for

REPORTS_PER_HOUR = int(
    os.environ.get("BIHUAN_REPORTS_PER_HOUR", "240")
)  # of one address: a whole building may share it
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def _checked(request: HttpRequest) -> Actor:
    """Return the caller; a session's writes need its CSRF token, as another site could send its cookie along."""
    actor = actor_for(request)
    if actor.person_id is not None and request.method not in _SAFE and check_csrf(request) is not None:
        raise PermissionDenied(_("缺少或不对的 CSRF 令牌；请在请求头 X-CSRFToken 中带上。"))
    return actor


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


def slow_down(request: HttpRequest) -> None:
    """Count one report of this address.

    Raises:
        TooFast: when it was one too many.
    """
    decision = hit("api-report", _source(request), REPORTS_PER_HOUR, 3600)
    if not decision.allowed:
        raise TooFast(decision.retry_after)


def _source(request: HttpRequest) -> str:
    proxies = int(getattr(settings, "PROXY_COUNT", 0))
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


class Session:
    """What OpenAPI says of signing in: the site's own session cookie."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """Return the actor, or None for ninja to answer 401."""
        return signed_in(request)
