"""What a program sends to the addresses of methods, areas, people, bulletins, forms, ledgers and interfaces."""

from __future__ import annotations

from typing import Any

from tests.reporting.blank_forms import blank

HERE, ROLE = "410802004004", "volunteer"
ACT: dict[str, Any] = {"entry_id": "NEW"}
WHY = {"reason": "登记有误"}
BULLETIN = "api/v1/bulletins/<uuidstr:bulletin_id>"
PERSON = "api/v1/people/<uuidstr:person_id>"
AREA = "api/v1/areas/<code>"
METHOD = "api/v1/methods/<uuidstr:version_id>"
ROBOT = "api/v1/robots/<uuidstr:robot_id>"

DESK: dict[str, dict[str, Any]] = {
    "api/v1/methods/drafts": {"area_code": HERE, "source": "工作法: x"},
    "api/v1/methods/simulate": {"source": "工作法: x", "scenario": "x"},
    f"{METHOD}/copy": {"area_code": HERE},
    f"{METHOD}/save": {"source": "工作法: x"},
    f"{METHOD}/publish": {"expected_sha256": ""},
    "api/v1/methods/<uuidstr:old_id>/migrate/<uuidstr:new_id>": {"dry_run": True},
    f"{AREA}/name": {"name": "电建社区（新）"},
    f"{AREA}/use": {"active": True, **WHY},
    f"{AREA}/doors": {},
    f"{AREA}/door/renew": WHY,
    "api/v1/people": {"id": "NEW", "name": "试用人", "role": ROLE, "area_code": HERE},
    f"{PERSON}/correct": {"name": "试用人"},
    f"{PERSON}/posts": {"role": ROLE, "area_code": HERE},
    f"{PERSON}/deputy": {"post_ids": ["NEW"]},
    f"{PERSON}/sign-in": {"username": ""},
    f"{PERSON}/erase": WHY,
    f"{PERSON}/erase/refuse": WHY,
    "api/v1/people/posts/end": {"post_ids": ["NEW"], "until": "2099-01-01"},
    "api/v1/robots": {
        "id": "NEW", "area_code": HERE, "name": "工作群", "address": "http://127.0.0.1:1/send?key=x", "kinds": ["card"],
    },
    f"{ROBOT}/pause": {"active": False},
    f"{ROBOT}/delete": WHY,
    "api/v1/bulletins": {**ACT, "area_code": HERE, "template": "notice"},
    f"{BULLETIN}/edit": {**ACT, "title": "题目", "text": "正文"},
    f"{BULLETIN}/refill": ACT,
    f"{BULLETIN}/check": ACT,
    f"{BULLETIN}/sign": ACT,
    f"{BULLETIN}/send-back": {**ACT, **WHY},
    f"{BULLETIN}/publish": ACT,
    f"{BULLETIN}/withdraw": {**ACT, **WHY},
    f"{BULLETIN}/conclude": {**ACT, "outcome": "无异议"},
    f"{BULLETIN}/consent": {**ACT, "name": "王某", "how": "spoken", "given_on": "2024-01-01"},
    f"{BULLETIN}/no-picture": {**ACT, "consent_id": "NEW"},
    f"{BULLETIN}/forget": ACT,
    f"{BULLETIN}/objections/<uuidstr:objection_id>/answer": {**ACT, "text": "已调整", "upheld": True},
    f"{BULLETIN}/objections/<uuidstr:objection_id>/contact": WHY,
    "api/v1/notices/<uuidstr:bulletin_id>/objections": {"id": "NEW", "text": "挡光"},
    "api/v1/notices/objections/mine": {"token": "x" * 22},
    "api/v1/forms/<uuidstr:form_id>/answers": {"answers": {}},
    "api/v1/forms/<uuidstr:form_id>/matters": {"numbers": []},
    "api/v1/forms/<uuidstr:form_id>/filled": {"reason": ""},
    "api/v1/bring-in/<uuidstr:import_id>/columns": {"table": 0},
    "api/v1/bring-in/<uuidstr:import_id>/go": {},
    "api/v1/bring-in/<uuidstr:import_id>/give-up": {},
    "api/v1/registers/<key>/views": {"id": "NEW", "area": HERE, "name": "本月"},
    "api/v1/keys": {"id": "NEW", "name": "市平台", "area_code": HERE, "scopes": ["areas:read"]},
    "api/v1/keys/<uuidstr:key_id>/revoke": WHY,
    "api/v1/hooks": {"id": "NEW", "area_code": HERE, "url": "https://example.org/", "events": ["matter.opened"]},
    "api/v1/hooks/<uuidstr:hook_id>/pause": {"paused": True},
    "api/v1/hooks/<uuidstr:hook_id>/end": WHY,
    "api/v1/me/erasure": {"do": "take_back"},
    "api/v1/me/mail/ask": {"address": "zhang@example.org"},
    "api/v1/me/mail/confirm": {"code": "000000"},
    "api/v1/me/mail/kinds": {"kinds": []},
    "api/v1/bell/read": {"ids": []},
}  # fmt: skip

# Bodies that are files: what stands in the address besides, and the bytes.
FILES: dict[str, tuple[dict[str, str], bytes]] = {
    "api/v1/areas/import": ({"name": "x.csv"}, f"编码,名称\n{HERE},电建社区\n".encode()),
    "api/v1/people/import": ({"name": "x.csv"}, f"姓名,岗位,区域编码\n试用人,志愿者,{HERE}\n".encode()),
    "api/v1/forms": (
        {"id": "NEW", "name": "月报.xlsx", "area": HERE, "since": "202403", "until": "202403"},
        blank("key_figures"),
    ),
    "api/v1/bring-in": (
        {"id": "NEW", "name": "旧台账.csv", "area": HERE},
        "登记日期,楼号,反映问题\n2023-03-05,12号楼,路灯不亮\n".encode(),
    ),
}
ASKED: dict[str, dict[str, str]] = {
    "api/v1/registers/<key>": {"area": HERE},
    "api/v1/registers/<key>/xlsx": {"area": HERE},
    "api/v1/registers/<key>/views": {"area": HERE},
    "api/v1/bulletins/templates": {"area": HERE},
    "api/v1/cockpit": {"area": HERE},
    "api/v1/notices": {"area": HERE},
}
