"""The site's address table: the portal at the root, the desk, the field front, the accounts, the API.

What has a prefix comes first: the portal's many addresses are tried for what begins with none of them.
"""

from __future__ import annotations

from django.urls import include, path

from bihuan.web.view import choose_view

urlpatterns = [
    path("", include("bihuan.api.urls")),
    path("v/", include("bihuan.web.portal.votes")),
    path("view/", choose_view, name="choose_view"),
    path("desk/", include("bihuan.web.desk.urls")),
    path("field/", include("bihuan.web.field.urls")),
    path("account/", include("allauth.urls")),
    path("", include("bihuan.web.portal.urls")),
]

handler400 = "bihuan.web.errors.bad_request"
handler403 = "bihuan.web.errors.forbidden"
handler404 = "bihuan.web.errors.not_found"
handler500 = "bihuan.web.errors.broken"
