"""The shell of the field front, its service worker, its manifest, and who is signed in.

The shell is the same for everybody and holds nothing about anybody: it is kept on the phone and opened without a
network. What is personal comes through the machine interface and is kept by the page itself, which can remove it.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from bihuan.people.api import actor_for
from bihuan.web.view import ViewChoice, view_choice

ASSETS = ("build/field.js", "build/field.css", "build/icons.svg", "build/mark.svg")
WORKER = "build/field-worker.js"
# The colours of ``frontend/src/styles/tokens.css``: a manifest knows no variables.
INK, PAPER = "#0d5665", "#fbfaf8"


@login_not_required
@require_safe
@vary_on_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """Show the page that the scripts fill; without scripts, what to use instead."""
    response = HttpResponse(_shell(view_choice(request)))
    response["Cache-Control"] = "no-cache"
    return response


def _shell(look: ViewChoice) -> str:
    return render_to_string("web/field/shell.html", {"look": look})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker with the list of what it keeps; it changes when any of that does."""
    entries = [{"url": static(name), "revision": _revision(name)} for name in ASSETS]
    with override("zh-hans"):
        page = _shell(ViewChoice("", "", "zh-CN", reverse("field:shell")))
    entries.append({"url": reverse("field:shell"), "revision": hashlib.sha256(page.encode()).hexdigest()[:16]})
    script = f"self.__BIHUAN_FIELD={json.dumps(entries)};\n{_built(WORKER).decode()}"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _revision(name: str) -> str | None:
    """Return what tells two contents of one address apart; nothing where the address itself does."""
    return None if not static(name).endswith(name) else hashlib.sha256(_built(name)).hexdigest()[:16]


def _built(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"{name}: make assets")
    path = Path(found)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> bytes:  # noqa: ARG001 - built anew, it is read anew
    return path.read_bytes()


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the front is installed on a phone."""
    home = reverse("field:shell")
    body = {
        "name": _("闭环 · 网格"),
        "short_name": _("闭环"),
        "lang": "en" if (get_language() or "").startswith("en") else "zh-CN",
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": INK,
        "icons": [{"src": static("build/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    response = JsonResponse(body, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Say who is signed in, with the token of that signing-in: the phone sends nobody's work but theirs."""
    actor = actor_for(request)
    person = {"id": str(actor.person_id), "name": actor.name} if actor.person_id else None
    return JsonResponse({"person": person, "csrf": get_token(request)})
