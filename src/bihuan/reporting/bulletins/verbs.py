"""The verbs of bulletins and the notices they send, each with a sentence in both languages."""

from __future__ import annotations

from bihuan.kernel.api import register_notice, register_verb

VERBS: dict[str, tuple[str, str]] = {
    "bulletin.drafted": ("{actor}起草了“{title}”", "{actor} drafted “{title}”"),
    "bulletin.edited": ("{actor}修改了内容", "{actor} edited the text"),
    "bulletin.refilled": ("{actor}按现在的数重新填写", "{actor} filled the numbers in again"),
    "bulletin.checked": (
        "{actor}核对了数字[，与现在不同的保留，理由：{reason}]",
        "{actor} checked the numbers[; kept as written: {reason}]",
    ),
    "bulletin.signed": ("{actor}签发，文号 {number}", "{actor} signed it off as {number}"),
    "bulletin.returned": ("{actor}退回修改，理由：{reason}", "{actor} sent it back: {reason}"),
    "bulletin.published": ("{actor}发布[，公示到 {until}]", "{actor} published it[, shown until {until}]"),
    "bulletin.withdrawn": ("{actor}撤回，理由：{reason}", "{actor} withdrew it: {reason}"),
    "bulletin.objected": ("有人提出异议", "Somebody objected"),
    "bulletin.answered": ("{actor}答复了一条异议", "{actor} answered an objection"),
    "bulletin.concluded": ("{actor}结束公示，公布了结果", "{actor} ended the publication and told the outcome"),
    "bulletin.consented": ("{actor}记下了本人的同意（{how}）", "{actor} recorded consent ({how})"),
    "bulletin.picture_withdrawn": (
        "{actor}记下：本人不再同意用照片",
        "{actor} recorded that a person no longer agrees to their picture",
    ),
    "bulletin.forgotten": ("按本人意愿撤下，内容已删除", "Taken down at the person's wish; the text is erased"),
}  # fmt: skip
NOTICES: dict[str, tuple[str, str]] = {
    "bulletin.objection_received": ("有人对“{title}”提出异议，请答复", "Somebody objected to “{title}”: please answer"),
    "bulletin.sent_back": ("“{title}”被退回修改：{reason}", "“{title}” was sent back: {reason}"),
}


def register() -> None:
    """Register every verb and notice; called once at start."""
    for key, (zh, en) in VERBS.items():
        register_verb(key, zh=zh, en=en)
    for key, (zh, en) in NOTICES.items():
        register_notice(key, zh=zh, en=en, group="turn")
