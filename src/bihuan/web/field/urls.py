"""Addresses of the field front. Its screens stand behind the ``#``: one page is all that a phone must keep."""

from __future__ import annotations

from django.urls import path

from bihuan.web.field import views

app_name = "field"
urlpatterns = [
    path("", views.shell, name="shell"),
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("session/", views.session, name="session"),
]
