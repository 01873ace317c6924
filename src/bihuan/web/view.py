"""How a person wants pages shown: language, larger type and targets, light or dark.

Kept in cookies, so that it works without an account; larger type is remembered on the account too.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_POST

THEMES = frozenset({"", "light", "dark"})
SIZES = frozenset({"", "elder"})
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """``theme``: "" follows the device; ``size``: "elder" is the larger one; ``lang``: for the html element."""

    theme: str
    size: str
    lang: str
    path: str


def view_choice(request: HttpRequest | None) -> ViewChoice:
    """Return the choice kept in the request's cookies, or on the account."""
    lang = "en" if (get_language() or "").startswith("en") else "zh-CN"
    if request is None:
        return ViewChoice("", "", lang, "/")
    theme = request.COOKIES.get("theme", "")
    size = request.COOKIES.get("size")
    if size is None:
        user = getattr(request, "user", None)
        size = "elder" if getattr(user, "large_type", False) else ""
    path = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return ViewChoice(theme if theme in THEMES else "", size if size in SIZES else "", lang, path)


@login_not_required
@require_POST
def choose_view(request: HttpRequest) -> HttpResponse:
    """Keep one choice (``theme``, ``size`` or ``language``) and go back to the page it was made on."""
    response = HttpResponseRedirect(_own_path(request, request.POST.get("next", "/")))
    for name, allowed in (("theme", THEMES), ("size", SIZES)):
        if (value := request.POST.get(name)) is not None and value in allowed:
            _keep(response, name, value)
    if request.user.is_authenticated and (size := request.POST.get("size")) is not None and size in SIZES:
        request.user.large_type = size == "elder"
        request.user.save(update_fields=["large_type"])
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def _own_path(request: HttpRequest, back: str) -> str:
    """Return the path of an address of this site, ``/`` for any other; without its host it must still be ours."""
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    path = urlsplit(back)._replace(scheme="", netloc="").geturl()
    return path if url_has_allowed_host_and_scheme(path, None) else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
