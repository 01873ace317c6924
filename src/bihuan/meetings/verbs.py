"""The verbs of a meeting's record and the notices it sends, each with a sentence in both languages."""

from __future__ import annotations

from bihuan.kernel.api import register_notice, register_verb

VERBS: dict[str, tuple[str, str]] = {
    "meeting.called": ("{actor}召集了{title}", "{actor} called {title}"),
    "meeting.cancelled": ("{actor}取消了会议[，原因：{reason}]", "{actor} cancelled the meeting[: {reason}]"),
    "meeting.item_added": (
        "{actor}把“{item}”列入议程",
        "{actor} put “{item}” on the agenda",
    ),
    "meeting.item_moved": ("{actor}调整了议程顺序", "{actor} reordered the agenda"),
    "meeting.item_deferred": (
        "“{item}”顺延到下次会议[，原因：{reason}]",
        "“{item}” was put off to the next meeting[: {reason}]",
    ),
    "meeting.item_referred": (
        "“{item}”提交{to}[，原因：{reason}]",
        "“{item}” was carried to {to}[: {reason}]",
    ),
    "meeting.item_noted": ("会议通报了“{item}”", "The meeting took note of “{item}”"),
    "meeting.invited": ("{actor}邀请{name}列席", "{actor} invited {name} to sit in"),
    "meeting.attendance": ("{actor}登记了到会情况", "{actor} recorded who came"),
    "meeting.signed_in": ("{actor}签到", "{actor} signed in"),
    "meeting.opened": ("{actor}宣布开会", "{actor} opened the meeting"),
    "meeting.opinion": ("{name}就“{item}”发言", "{name} spoke on “{item}”"),
    "meeting.ballot_opened": ("“{item}”开始表决（{ballot}）", "The vote on “{item}” was opened ({ballot})"),
    "meeting.voted": ("{actor}参加了“{item}”的表决", "{actor} took part in the vote on “{item}”"),
    "meeting.votes_entered": (
        "{actor}录入了“{item}”的表决票 {number} 张",
        "{actor} entered {number} votes on “{item}”",
    ),
    "meeting.ballot_closed": ("“{item}”计票完毕：{result}", "The vote on “{item}” was counted: {result}"),
    "meeting.resolved": ("会议就“{item}”作出决议：{result}", "The meeting resolved on “{item}”: {result}"),
    "meeting.links_printed": (
        "{actor}取出了手机表决码 {number} 个，给{names}",
        "{actor} took out {number} personal vote links, for {names}",
    ),
    "meeting.corrected": ("{actor}更正了会议记录（{what}）", "{actor} corrected the record ({what})"),
    "meeting.ended": ("{actor}宣布散会", "{actor} ended the meeting"),
    "meeting.published": ("{actor}公布了会议结果", "{actor} published the results"),
    "meeting.objected": ("{actor}对公布的结果提出异议", "{actor} objected to the results"),
    "meeting.answered": ("{actor}答复了异议", "{actor} answered an objection"),
}

NOTICES: dict[str, tuple[str, str]] = {
    "meeting.you_are_due": (
        "请参加{title}：{when}，{place}",
        "Please attend {title}: {when}, {place}",
    ),
    "meeting.soon": ("提醒：{title}，{when}，{place}", "Reminder: {title}, {when}, {place}"),
    "meeting.not_called": (
        "{title}的例会在{when}，还没有召集",
        "The session of {title} on {when} has not been called yet",
    ),
    "meeting.you_are_invited": (
        "请列席{title}：{when}，{place}",
        "You are invited to sit in on {title}: {when}, {place}",
    ),
    "meeting.cancelled_for_you": ("{title}已取消[：{reason}]", "{title} is cancelled[: {reason}]"),
    "meeting.your_matter_on_agenda": (
        "您反映的“{item}”将在{title}上商议（{when}）",
        "“{item}”, which you reported, will be deliberated at {title} ({when})",
    ),
    "meeting.your_matter_decided": (
        "您反映的“{item}”已经{title}商议：{result}",
        "“{item}”, which you reported, was deliberated at {title}: {result}",
    ),
    "meeting.your_matter_deferred": (
        "您反映的“{item}”顺延到下次会议商议[：{reason}]",
        "“{item}”, which you reported, was put off to the next meeting[: {reason}]",
    ),
    "meeting.your_reason_corrected": (
        "{title}的会议记录更正了您缺席的原因[：{reason}]",
        "The minutes of {title} were corrected: the reason for your absence[: {reason}]",
    ),
    "meeting.your_words_corrected": (
        "{title}的会议记录更正了您的发言[：{reason}]",
        "The minutes of {title} were corrected: what you said[: {reason}]",
    ),
    "meeting.objection_received": (
        "{title}的结果收到一条异议，请答复",
        "Somebody objects to a result of {title}",
    ),
}
TURN = frozenset({"meeting.you_are_due", "meeting.soon", "meeting.not_called", "meeting.objection_received"})
PRIVATE = {"item": ("事项", "matter"), "reason": ("", "")}  # what residents wrote stays in the house


def register() -> None:
    """Register every verb and notice; called once at start."""
    for key, (zh, en) in VERBS.items():
        register_verb(key, zh=zh, en=en)
    for key, (zh, en) in NOTICES.items():
        group = "turn" if key in TURN else "progress"
        register_notice(key, zh=zh, en=en, group=group, private=PRIVATE)
