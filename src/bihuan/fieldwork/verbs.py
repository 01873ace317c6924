"""What the record says of visits and places, and what is told to people: each with a sentence in both languages."""

from __future__ import annotations

from bihuan.kernel.api import register_notice, register_verb

RECORDED = "visit.recorded"
FOUND = "visit.found"
CORRECTED = "visit.corrected"
WITHDRAWN = "visit.withdrawn"
REVIEWED = "visit.reviewed"
PLACE_REGISTERED = "place.registered"
PLACE_CHANGED = "place.changed"
TOLD_REVIEWED = "visit.you_were_answered"

VERBS: dict[str, tuple[str, str]] = {
    RECORDED: (
        "{actor}到{place}走访巡查[（{round}）]：{result}[，同去：{together}]",
        "{actor} visited {place}[ ({round})]: {result}[, together with {together}]",
    ),
    FOUND: ("{actor}把发现的问题登记为{matter}", "{actor} recorded what was found as {matter}"),
    CORRECTED: (
        "{actor}更正了这次走访（{what}）[，原因：{reason}]",
        "{actor} corrected the visit ({what})[: {reason}]",
    ),
    WITHDRAWN: ("{actor}撤回了这次走访[，原因：{reason}]", "{actor} took the visit back[: {reason}]"),
    REVIEWED: ("{actor}作了点评", "{actor} answered"),
    PLACE_REGISTERED: ("{actor}登记了地点“{name}”", "{actor} registered the place “{name}”"),
    PLACE_CHANGED: ("{actor}修改了地点“{name}”（{what}）", "{actor} changed the place “{name}” ({what})"),
}
NOTICES: dict[str, tuple[str, str]] = {
    TOLD_REVIEWED: ("{actor}点评了您{day}的民情日志", "{actor} answered your field diary of {day}"),
}


def register() -> None:
    """Register every verb and notice; called once at start."""
    for key, (zh, en) in VERBS.items():
        register_verb(key, zh=zh, en=en)
    for key, (zh, en) in NOTICES.items():
        register_notice(key, zh=zh, en=en, group="progress")
