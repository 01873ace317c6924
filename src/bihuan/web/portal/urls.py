"""Pages that need no account."""

from __future__ import annotations

from django.urls import path

from bihuan.web.photos import photo
from bihuan.web.portal import follow, places, report, results

app_name = "portal"
urlpatterns = [
    path("", places.home, name="home"),
    path("report/", places.choose_community, name="report"),
    path("c/<str:code>/", places.community, name="community"),
    path("c/<str:code>/report/", places.choose_building, name="choose_building"),
    path("a/<str:code>/", report.by_area, name="report_area"),
    path("d/<str:token>/", report.by_door, name="door"),
    path("reported/<str:token>/", report.done, name="reported"),
    path("r/<str:token>/", follow.page, name="follow"),
    path("r/<str:token>/act/", follow.act, name="follow_act"),
    path("matters/<str:number>/", results.matter, name="matter"),
    path("matters/<str:number>/follow/", results.follow_matter, name="follow_matter"),
    path("meetings/<uuid:meeting_id>/", results.meeting, name="meeting"),
    path("photos/<uuid:file_id>/", photo, name="photo"),
]
