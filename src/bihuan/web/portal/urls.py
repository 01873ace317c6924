"""Pages that need no account."""

from __future__ import annotations

from django.urls import path

from bihuan.web.photos import photo
from bihuan.web.portal import (
    activities,
    feeds,
    follow,
    forget,
    notices,
    places,
    public,
    record,
    report,
    results,
    sharing,
)
from bihuan.web.portal.subjects import KINDS
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
    path("record/check/", record.ask, name="check"),
    path("p/<str:code>/", public.home, name="public"),
    path("p/<str:code>/check/", record.area_check, name="public_check"),
    path("p/<str:code>/results/", public.results, name="results"),
    path("p/<str:code>/meetings/", public.meetings, name="meetings"),
    path("p/<str:code>/results.atom", feeds.results, name="results_feed"),
    path("p/<str:code>/meetings.atom", feeds.meetings, name="meetings_feed"),
    path("p/<str:code>/notices.atom", feeds.notices, name="notices_feed"),
    path("p/<str:code>/models.atom", feeds.models, name="models_feed"),
    path("p/<str:code>/activities.atom", feeds.activities, name="activities_feed"),
]
for kind in KINDS:  # what belongs to each public page: its code, its picture, where it is checked
    urlpatterns += [
        path(f"{kind.pattern}/qr.svg", sharing.qr_code(kind.find), name=f"{kind.name}_qr"),
        path(f"{kind.pattern}/card.png", sharing.card(kind.find), name=f"{kind.name}_card"),
    ]
    if kind.name != "public":  # of an area all is checked that its home shows
        urlpatterns += [
            path(f"{kind.pattern}/check/", record.check_page(kind.find), name=f"{kind.name}_check"),
            path(f"{kind.pattern}/proof.json", record.proof_file(kind.find), name=f"{kind.name}_proof"),
        ]
