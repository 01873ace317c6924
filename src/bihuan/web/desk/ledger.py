"""Desk pages: the ledger of livelihood problems."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger."""
    return render(request, "web/desk/ledger/page.html", {})


urlpatterns = [path("ledger/", ledger, name="ledger")]
