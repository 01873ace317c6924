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

ACTS: dict[str, dict[str, Any]] = {
    template: {"entry_id": "NEW"} | body for template, body in (MEETINGS | ACTIVITIES).items()
} | {f"{ACTIVITY}/{where}": {"id": "NEW", "name": "王阿姨"} for where in ("sign-ups", "sign-ups/for-somebody")}
