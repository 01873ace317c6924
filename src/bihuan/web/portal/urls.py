"""Pages that need no account."""

from __future__ import annotations

from django.urls import path

from bihuan.web.photos import photo
from bihuan.web.portal import activities, follow, forget, notices, places, record, report, results
from bihuan.web.sounds import sound

app_name = "portal"
urlpatterns = [
    path("", places.home, name="home"),
    path("report/", places.choose_community, name="report"),
    path("report/alike/", report.alike_now, name="alike"),
    path("report/photo/<str:line>/", report.kept_photo, name="kept_photo"),
    path("c/<str:code>/", places.community, name="community"),
    path("c/<str:code>/report/", places.choose_building, name="choose_building"),
    path("c/<str:code>/activities/", activities.listing, name="activities"),
    path("activities/<uuid:activity_id>/", activities.activity, name="activity"),
    path("activities/mine/<str:token>/", activities.mine, name="sign_up"),
    path("c/<str:code>/notices/", notices.listing, name="notices"),
    path("notices/<uuid:bulletin_id>/", notices.notice, name="notice"),
    path("notices/mine/<str:token>/", notices.mine, name="objection"),
    path("a/<str:code>/", report.by_area, name="report_area"),
    path("d/<str:token>/", report.by_door_code, name="door"),
    path("reported/<str:token>/", report.done, name="reported"),
    path("r/<str:token>/", follow.page, name="follow"),
    path("r/<str:token>/stop/", follow.stop, name="follow_stop"),
    path("r/<str:token>/forget/", forget.forget_mine, name="forget"),
    path("s/<str:token>/", follow.supervise, name="supervise"),
    path("matters/<str:number>/", results.matter, name="matter"),
    path("matters/<str:number>/follow/", follow.begin, name="follow_matter"),
    path("meetings/<uuid:meeting_id>/", results.meeting, name="meeting"),
    path("photos/<uuid:file_id>/", photo, name="photo"),
    path("sounds/<uuid:sound_id>/", sound, name="sound"),
    path("record/", record.page, name="record"),
    path("record/roots.json", record.as_json, name="record_json"),
]
