"""The site's address table: the portal at the root, the desk, the accounts, the API."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("bihuan.web.portal.urls")),
    path("desk/", include("bihuan.web.desk.urls")),
    path("account/", include("allauth.urls")),
    path("api/", include("bihuan.api.urls")),
]
