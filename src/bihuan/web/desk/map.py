"""Desk pages: the community's micro-grids as a map."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def area_map(request: HttpRequest) -> HttpResponse:
    """The map."""
    return render(request, "web/desk/map/page.html", {})


urlpatterns = [path("map/", area_map, name="map")]
