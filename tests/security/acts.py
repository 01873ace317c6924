"""What a program sends to each address by which something is done: well-formed, so that the answer tells of rights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
PLACE = "410802004004012"
MEETING = "api/v1/meetings/<uuidstr:meeting_id>"
ITEM = f"{MEETING}/items/<uuidstr:item_id>"
SOMEBODY = "018ea0c1-0000-7000-8000-000000000001"

MEETINGS: dict[str, dict[str, Any]] = {
    "api/v1/meetings": {
        "area_code": "410802004004", "body": "joint_meeting", "starts_at": "2099-03-02T09:00:00+08:00",
        "place": "会客厅",
    },
    f"{MEETING}/attendance": {"marks": [{"attendance_id": 1, "presence": "present"}]},
    f"{MEETING}/invitations": {"name": "王大姐"},
    f"{MEETING}/items": {"title": "通报消防检查"},
    f"{MEETING}/order": {"order": [SOMEBODY]},
    f"{MEETING}/cancel": {"reason": "下雨"},
    f"{MEETING}/open": {},
    f"{MEETING}/end": {},
    f"{MEETING}/publish": {},
    f"{MEETING}/corrections": {"what": "place", "words": "活动室", "why": "写错了"},
    f"{MEETING}/links": {},
    f"{MEETING}/sign-in": {},
    f"{MEETING}/objections": {"text": "路灯太亮"},
    "api/v1/meetings/objections/<uuidstr:objection_id>/answer": {"answer": "加装灯罩"},
    f"{ITEM}/opinions": {"text": "先换灯泡", "name": "蒋居民"},
    f"{ITEM}/ballot": {"kind": "hands"},
    f"{ITEM}/votes": {"channel": "hands", "votes": [{"person_id": SOMEBODY, "choice": "for"}]},
    f"{ITEM}/bundle": {"voters": [SOMEBODY], "in_favour": 1},
    f"{ITEM}/count": {},
    f"{ITEM}/resolution": {"text": "换灯"},
    f"{ITEM}/refer": {"reason": "定不了"},
    f"{ITEM}/defer": {"reason": "来不及"},
    f"{ITEM}/note": {},
    f"{ITEM}/vote": {"choice": "for"},
}  # fmt: skip

ACTIVITY = "api/v1/activities/<uuidstr:activity_id>"
TEAM = "api/v1/teams/<uuidstr:team_id>"
WHAT = {
    "title": "重阳节文艺汇演",
    "place": "小区广场",
    "starts_at": SOON.isoformat(),
    "ends_at": (SOON + timedelta(hours=2)).isoformat(),
}
ACTIVITIES: dict[str, dict[str, Any]] = {
    "api/v1/activities": {"area_code": "410802004004", "kind": "festival", **WHAT},
    f"{ACTIVITY}/change": WHAT,
    f"{ACTIVITY}/call-off": {"reason": "下雨"},
    f"{ACTIVITY}/hold": {"uncounted": 30},
    "api/v1/activities/sign-ups/withdraw": {"token": "x" * 24},
    "api/v1/activities/sign-ups/<uuidstr:sign_up_id>/withdraw": {},
    "api/v1/teams": {"area_code": "410802004004", "kind": "arts", "name": "合唱二队"},
    f"{TEAM}/members": {"name": "孙二胡"},
    f"{TEAM}/members/myself": {},
    "api/v1/teams/members/<uuidstr:member_id>/leave": {},
    f"{TEAM}/lead": {},
    f"{TEAM}/end": {},
}

DUTY = "api/v1/duties/<uuidstr:duty_id>"
CALL = "api/v1/calls/<uuidstr:call_id>"
HOURS = "api/v1/hours/<uuidstr:service_id>"
MONTH = {"since": "2024-01-01", "until": "2024-01-31", "shifts": "每天 09:00-11:00"}  # long over: refused by its days
DUTIES: dict[str, dict[str, Any]] = {
    f"{TEAM}/rosters": MONTH,
    "api/v1/rosters/<uuidstr:roster_id>/take-back": {"reason": "重排"},
    f"{DUTY}/swap": {"other_id": SOMEBODY, "reason": "有事"},
    f"{DUTY}/offer": {"reason": "感冒了"},
    f"{DUTY}/stand-in": {"member_id": SOMEBODY},
    f"{DUTY}/calls": {"text": "楼道灯不亮"},
    f"{DUTY}/hand-over": {},
    "api/v1/teams/members/<uuidstr:member_id>/away": {"days": ["3"]},
    f"{CALL}/instruct": {"words": "同意"},
    f"{CALL}/settle": {"words": "已办"},
    f"{TEAM}/hours/publish": {},
    f"{HOURS}/object": {"words": "不对"},
    f"{HOURS}/answer": {"text": "改了", "minutes": 60},
    f"{ACTIVITY}/helpers": {"members": [SOMEBODY], "minutes": 60},
}

VISIT = "api/v1/visits/<uuidstr:visit_id>"
PAIRING = "api/v1/pairings/<uuidstr:pairing_id>"
NOW = (SOON - timedelta(days=7, minutes=5)).isoformat()
ROUNDS: dict[str, dict[str, Any]] = {
    f"{VISIT}/review": {"text": "盯紧"},
    f"{VISIT}/correct": {"reason": "写错了", "text": "灯亮了"},
    "api/v1/places/<uuidstr:place_id>/change": {"name": "改名的围墙"},
    f"{PAIRING}/consent": {"how": "signed", "witness": "邻居杨大姐"},
    f"{PAIRING}/change": {"needs": ["life"]},
    f"{PAIRING}/visits": {"finding_id": SOMEBODY, "happened_at": NOW},
    f"{PAIRING}/end": {"reason": "solved"},
    f"{PAIRING}/withdraw": {"how": "signed"},
}
MATTER = "api/v1/matters/<uuidstr:matter_id>"
MATTERS: dict[str, dict[str, Any]] = {
    f"{MATTER}/merge": {"into_id": SOMEBODY, "reason": "同一件事"},
    f"{MATTER}/hand": {"person_id": SOMEBODY},
    f"{MATTER}/forget": {"what": "contact"},
}
OTHERS: dict[str, dict[str, Any]] = {
    **{f"{ACTIVITY}/{where}": {"id": "NEW", "name": "王阿姨"} for where in ("sign-ups", "sign-ups/for-somebody")},
    "api/v1/visits": {"id": "NEW", "area_code": PLACE, "happened_at": NOW, "text": "门口的灯修好了"},
    f"{VISIT}/findings": {"id": "NEW", "text": "消防通道堆了旧家具"},
    "api/v1/places": {"id": "NEW", "area_code": PLACE, "kind": "wall", "name": "新的围墙"},
    "api/v1/pairings": {
        "id": "NEW", "key": "yiqi", "area_code": PLACE, "door": "3单元501", "name": "欧阳秀兰", "person_id": SOMEBODY,
    },
    f"{PAIRING}/look": {"name": "phone", "reason": "上门前预约"},
    f"{CALL}/matter": {"id": "NEW"},
    f"{CALL}/reveal": {"what": "phone", "reason": "回电"},
    f"{TEAM}/roster/proposal": MONTH,
    f"{MATTER}/again": {"id": "NEW", "text": "我家这边的灯也不亮"},
    f"{MATTER}/reveal": {"sealed_id": 1, "reason": "联系反映人"},
    f"{MATTER}/unfollow": {},
}  # fmt: skip

ACTS: dict[str, dict[str, Any]] = OTHERS | {
    template: {"entry_id": "NEW"} | body
    for template, body in (MEETINGS | ACTIVITIES | DUTIES | ROUNDS | MATTERS).items()
}
