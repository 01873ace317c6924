"""Desk pages: what I must and may do next, and my bell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def todo(request: HttpRequest) -> HttpResponse:
    """My to-do list."""
    return render(request, "web/desk/todo/page.html", {})


def notices(request: HttpRequest) -> HttpResponse:
    """My bell."""
    return render(request, "web/desk/todo/notices.html", {})


urlpatterns = [
    path("", todo, name="todo"),
    path("bell/", notices, name="notices"),
]
