"""The content security policy of every answer: the library's, worked out once instead of with each answer."""

from __future__ import annotations

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware as LibraryMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_OF_ITS_OWN = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


@cache
def _policy() -> str:
    return str(build_policy())


class CSPMiddleware(LibraryMiddleware):
    """Sets the site's one policy; a view that changes it for its answer, or uses a nonce, gets the library's way."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the header."""
        its_own = any(hasattr(response, name) for name in _OF_ITS_OWN)
        if settings.DEBUG or its_own or getattr(request, "_csp_nonce", None) is not None:
            return super().process_response(request, response)
        if HEADER not in response:
            response[HEADER] = _policy()
        return response
