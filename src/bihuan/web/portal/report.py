"""Portal pages."""
from __future__ import annotations
from typing import Any
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def by_area(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Show it."""
    return render(request, "web/portal/home.html", {})

@login_not_required
def by_door(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Show it."""
    return render(request, "web/portal/home.html", {})

@login_not_required
def done(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Show it."""
    return render(request, "web/portal/home.html", {})
