"""Desk pages: recording a problem for somebody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def record(request: HttpRequest) -> HttpResponse:
    """Record a problem."""
    return render(request, "web/desk/record/page.html", {})


urlpatterns = [path("record/", record, name="record")]
