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
    path("p/<str:code>/qr.svg", sharing.area_qr, name="public_qr"),
    path("p/<str:code>/card.png", sharing.area_card, name="public_card"),
    path("p/<str:code>/results/", public.results, name="results"),
    path("p/<str:code>/meetings/", public.meetings, name="meetings"),
    path("p/<str:code>/results.atom", feeds.results, name="results_feed"),
    path("p/<str:code>/meetings.atom", feeds.meetings, name="meetings_feed"),
    path("p/<str:code>/notices.atom", feeds.notices, name="notices_feed"),
    path("p/<str:code>/models.atom", feeds.models, name="models_feed"),
    path("p/<str:code>/activities.atom", feeds.activities, name="activities_feed"),
    path("matters/<str:number>/qr.svg", sharing.matter_qr, name="matter_qr"),
    path("matters/<str:number>/card.png", sharing.matter_card, name="matter_card"),
    path("matters/<str:number>/check/", record.matter_check, name="matter_check"),
    path("matters/<str:number>/proof.json", record.matter_proof, name="matter_proof"),
    path("meetings/<uuid:meeting_id>/qr.svg", sharing.meeting_qr, name="meeting_qr"),
    path("meetings/<uuid:meeting_id>/card.png", sharing.meeting_card, name="meeting_card"),
    path("meetings/<uuid:meeting_id>/check/", record.meeting_check, name="meeting_check"),
    path("meetings/<uuid:meeting_id>/proof.json", record.meeting_proof, name="meeting_proof"),
    path("notices/<uuid:bulletin_id>/qr.svg", sharing.notice_qr, name="notice_qr"),
    path("notices/<uuid:bulletin_id>/card.png", sharing.notice_card, name="notice_card"),
    path("notices/<uuid:bulletin_id>/check/", record.notice_check, name="notice_check"),
    path("notices/<uuid:bulletin_id>/proof.json", record.notice_proof, name="notice_proof"),
]
