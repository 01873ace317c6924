"""The verbs of a pairing's record and what its people are told: never the household's name."""

from __future__ import annotations

from bihuan.kernel.api import register_notice, register_verb

VERBS: dict[str, tuple[str, str]] = {
    "pairing.proposed": ("{actor}提出结对，等本人同意", "{actor} proposed the pairing; the household is to agree"),
    "pairing.consented": (
        "{actor}登记了本人同意（{how}）[，见证人：{witness}]",
        "{actor} recorded the household's consent ({how})[, witnessed by {witness}]",
    ),
    "pairing.changed": ("{actor}更改了{what}", "{actor} changed {what}"),
    "pairing.ended": ("{actor}结束了结对，原因：{reason}", "{actor} ended the pairing: {reason}"),
    "pairing.withdrawn": (
        "{actor}登记本人收回同意，姓名、电话和走访文字已删除",
        "{actor} recorded that the household took its consent back; name, phone and texts of visits are erased",
    ),
    "pairing.lapsed": (
        "{days} 天没有同意，结对自动撤回，姓名和电话已删除",
        "Not agreed to within {days} days: the proposal lapsed, name and phone are erased",
    ),
}

NOTICES: dict[str, tuple[str, str, str]] = {
    "pairing.yours": (
        "turn",
        "{title}：有一户由您结对帮扶，本人已同意",
        "{title}: a household that has agreed is paired with you",
    ),
    "pairing.over": (
        "progress",
        "{title}：您的一户结对已结束",
        "{title}: one of your pairings has ended",
    ),
}


def register() -> None:
    """Register every verb and notice; called once at start."""
    for key, (zh, en) in VERBS.items():
        register_verb(key, zh=zh, en=en)
    for key, (group, zh, en) in NOTICES.items():
        register_notice(key, zh=zh, en=en, group=group)
