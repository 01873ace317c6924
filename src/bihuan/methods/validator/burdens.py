"""Where a method burdens people: warnings, after the national rules against formalism and on personal information.

Forbidden or discouraged since 2023/2024: check-in points, rankings of activity, online-time quotas, photos and tracks
where not necessary, problem quotas. Personal information: named purpose, least amount, shortest term (PIPL 6, 17, 19).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bihuan.methods.method import Method
from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.base import Text

from . import walk

LOCATION = re.compile(
    r"(?<![a-z])gps(?![a-z])|location|gps_|trajectory|check[_ -]?in(?![a-z])|定位|轨迹|打卡|签到点|经纬度", re.I
)
QUOTA = re.compile(
    r"quota|指标数|任务数|上报数|定额|(每[人天日周月季年]|人均).{0,8}(不少于|不低于|至少|完成|上报).{0,4}[\d一二三四五六七八九十百]+\s*[件条个次]"
)
RANKING = re.compile(r"rank|score|leaderboard|排名|排行|名次|打分|评分|得分|末位", re.I)
IDENTITY = re.compile(r"id_?(number|card|no)|identity|身份证|证件号|护照", re.I)
PROFILE = re.compile(r"face_?|人脸|指纹|信用分|风险(等级|评分)|重点人(员|群)|画像|profil", re.I)


def check(method: Method, report: Report) -> None:
    """Add warnings of burdens on people."""
    _photos(method, report)
    _personal(method, report)
    for path, text in said(method):
        warn_of_words(path, text, report)


def _photos(method: Method, report: Report) -> None:
    every: list[tuple[Path, dict[str, object]]] = [
        ((*path, "evidence"), dict(action.evidence)) for path, _, action, _ in walk.actions(method)
    ]
    every += [(("opening", key, "evidence"), dict(o.evidence)) for key, o in method.file.opening.items()]
    for path, evidence in every:
        for tag, photo in evidence.items():
            if getattr(photo, "least", 0) > 0 and not getattr(photo, "because", ""):
                report.warn(
                    (*path, tag),
                    "burden-photo",
                    "一定要照片，会加重基层负担。",
                    "A compulsory photo is a burden.",
                    "改为可拍可不拍（至少: 0），或写明“理由”。",
                    "Make it optional (least: 0), or say why under 'because'.",
                )


def _personal(method: Method, report: Report) -> None:
    for key, spec in method.fields.items():
        path: Path = ("fields", key)
        name, name_en = spec.title.zh, spec.title.say("en")
        if IDENTITY.search(key) or IDENTITY.search(name):
            report.warn(
                path,
                "burden-id-number",
                f"收集证件号码（{name}）。",
                f"It collects an identity number ('{name_en}').",
                "能不收就不收；姓名和电话通常已经够用。",
                "Leave it out where you can; name and phone mostly do.",
            )
        if spec.sensitivity == "none":
            continue
        if not spec.purpose:
            report.warn(
                path,
                "burden-no-purpose",
                f"“{name}”是个人信息，没有写用途。",
                f"'{name_en}' is personal and its purpose is not said.",
                "写上“用途”。",
                "Give 'purpose'.",
            )
        if spec.retention is None:
            report.warn(
                path,
                "burden-no-retention",
                f"“{name}”是个人信息，没有写保存期限。",
                f"'{name_en}' is personal and its retention is not said.",
                "写上“保存期限”，用完即清。",
                "Give 'retention': no longer than needed.",
            )
        if spec.public:
            report.warn(
                path,
                "burden-public",
                f"“{name}”是个人信息，却写了公开。",
                f"'{name_en}' is personal, yet public.",
                "去掉“公开”。",
                "Leave 'public' out.",
            )


def said(method: Method) -> Iterator[tuple[Path, str]]:
    """Yield every name and note of the file, with its path."""
    file = method.file

    def both(text: Text | None) -> str:
        return f"{text.zh} {text.en}" if text else ""

    for key, spec in file.fields.items():
        yield ("fields", key), f"{key} {both(spec.title)} {both(spec.purpose)} {both(spec.hint)}"
    for path, key, action, _ in walk.actions(method):
        yield path, f"{key} {both(action.title)}"
    for key, step in file.steps.items():
        yield ("steps", key), f"{key} {both(step.title)} {step.note}"
    for key, role in file.roles.items():
        yield ("roles", key, "note"), role.note
    yield ("note",), file.note
    yield ("privacy", "note"), file.privacy.note


_RULES = (
    (
        LOCATION,
        "burden-location",
        "要求定位、打卡或轨迹。",
        "It asks for a location, a check-in or a track.",
        "填写具体位置就够了，不要轨迹。",
        "The exact place in words is enough.",
    ),
    (
        QUOTA,
        "burden-quota",
        "规定上报数量：会逼人凑数。",
        "It sets a quota of problems: people will invent them.",
        "去掉定额；零报告也是好报告。",
        "Drop it: a zero report is a good report.",
    ),
    (
        RANKING,
        "burden-ranking",
        "给人打分、排名。",
        "It scores or ranks people.",
        "评事不评人：改为满意、不满意。",
        "Rate the work, not the person: satisfied or not.",
    ),
    (
        PROFILE,
        "burden-profile",
        "给居民画像、分等级或收集生物特征。",
        "It profiles residents or takes biometrics.",
        "不要这样做。",
        "Do not.",
    ),
)


def warn_of_words(path: Path, text: str, report: Report) -> None:
    """Warn where words ask for a location, a quota, a ranking or a profile; sections check their own words with it."""
    for pattern, code, zh, en, mend, mend_en in _RULES:
        if pattern.search(text):
            report.warn(path, code, zh, en, mend, mend_en)
