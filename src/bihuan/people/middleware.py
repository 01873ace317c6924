"""A first password made by somebody else opens one page: the one where it is changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

_ALWAYS = (
    "account_change_password", "account_logout", "account_reauthenticate", "choose_view",
    "field:shell", "field:worker", "field:manifest",  # nothing about anybody: a phone keeps them for whoever comes
)  # fmt: skip


class FirstPasswordMiddleware:
    """Send an account with a first password to the change of password, whatever it asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everybody else through."""
        return self._next(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Decide once the address is known by its name."""
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not getattr(user, "must_change_password", False):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in _ALWAYS:
            return None
        return HttpResponseRedirect(reverse("account_change_password"))
