"""The verbs of activities and teams and the notices they send, each with a sentence in both languages."""

from __future__ import annotations

from bihuan.activities.duties import words
from bihuan.kernel.api import register_notice, register_verb

VERBS: dict[str, tuple[str, str]] = {
    "activity.announced": ("{actor}发布了活动“{title}”", "{actor} announced “{title}”"),
    "activity.changed": ("{actor}修改了活动", "{actor} changed the activity"),
    "activity.moved": (
        "{actor}改了时间或地点：{when}，{place}[，原因：{reason}]",
        "{actor} moved it: {when}, {place}[: {reason}]",
    ),
    "activity.called_off": ("{actor}取消了活动[，原因：{reason}]", "{actor} called the activity off[: {reason}]"),
    "activity.signed_up": ("有人报名，{number} 人", "Somebody signed up, {number} coming"),
    "activity.signed_up_for": ("{actor}代人报名，{number} 人", "{actor} signed somebody up, {number} coming"),
    "activity.withdrew": ("有人取消了报名", "Somebody withdrew"),
    "activity.withdrawn_for": ("{actor}代人取消了报名", "{actor} withdrew somebody's sign-up"),
    "activity.held": ("{actor}登记了活动情况，到场 {number} 人", "{actor} recorded that it was held, {number} came"),
    "activity.corrected": (
        "{actor}更正了活动情况，到场 {number} 人",
        "{actor} corrected the record, {number} came",
    ),
    "team.founded": ("{actor}建立了队伍“{title}”", "{actor} founded the team “{title}”"),
    "team.joined": ("有人加入队伍", "Somebody joined the team"),
    "team.left": ("有人离开队伍", "Somebody left the team"),
    "team.led": ("{actor}更换了队长", "{actor} changed the leader"),
    "team.ended": ("{actor}解散了队伍[，原因：{reason}]", "{actor} ended the team[: {reason}]"),
}

NOTICES: dict[str, tuple[str, str]] = {
    "activity.called_off_for_you": (
        "您报名的“{title}”（{when}）取消了[：{reason}]",
        "“{title}” ({when}), for which you signed up, is called off[: {reason}]",
    ),
    "activity.moved_for_you": (
        "您报名的“{title}”改为{when}，{place}[。{reason}]",
        "“{title}”, for which you signed up, is now {when}, {place}[. {reason}]",
    ),
    "activity.place_for_you": (
        "“{title}”有名额了，您已从候补转为报名成功：{when}，{place}",
        "A place in “{title}” is free and yours: {when}, {place}",
    ),
    "activity.to_record": (
        "“{title}”已经办完，请登记来了多少人、办得怎么样",
        "“{title}” is over: please record how many came and how it went",
    ),
    "team.you_lead": ("您担任“{title}”的队长", "You lead “{title}”"),
}
TURN = frozenset({"activity.to_record"})


def register() -> None:
    """Register every verb and notice; called once at start."""
    for key, (zh, en) in (VERBS | words.VERBS).items():
        register_verb(key, zh=zh, en=en)
    for key, (zh, en) in (NOTICES | words.NOTICES).items():
        register_notice(key, zh=zh, en=en, group="turn" if key in TURN | words.TURN else "progress")
