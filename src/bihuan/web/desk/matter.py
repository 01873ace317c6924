"""Desk pages: one matter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One matter."""
    return render(request, "web/desk/matter/page.html", {"matter_id": matter_id})


urlpatterns = [path("matters/<uuid:matter_id>/", matter, name="matter")]
