"""What the record says about matters, and what is told to people: one sentence per verb, in both languages.

The verb follows the primitive behind the method's action; the action's own title stands in the sentence, so a
method nobody thought of reads well.
"""

from __future__ import annotations

from bihuan.kernel.api import register_notice, register_verb

_TAIL_ZH = "[，从“{old}”到“{new}”][，办结方式：{outcome}][，指定{assigned}][：{reason}]"
_TAIL_EN = "[, from “{old}” to “{new}”][, outcome: {outcome}][, naming {assigned}][: {reason}]"

# ruff: noqa: E501 - one sentence a line reads better than one broken in two
_VERBS: dict[str, tuple[str, str]] = {
    "matter.reported": ("{actor}反映了问题[（{channel}）]", "{actor} reported a problem[ ({channel})]"),
    "matter.recorded": ("{actor}代为登记了问题[（{channel}）]", "{actor} recorded a problem for somebody[ ({channel})]"),
    "matter.brought_in": ("{actor}从旧台账导入[，办结方式：{outcome}]", "{actor} brought it in from an old ledger[, outcome: {outcome}]"),
    "matter.ticked": ("时限提醒：{happened}", "Clock: {happened}"),
    "matter.migrated": ("{actor}把事项转到工作法第{new}版[（原第{old}版）][：{reason}]",
                        "{actor} moved the matter to version {new} of its method[ (from {old})][: {reason}]"),
    "matter.asked": ("{actor}提出“{action}”，等待同意[：{reason}]", "{actor} asked for “{action}”, waiting for consent[: {reason}]"),
    "matter.joined": ("{actor}完成了“{action}”，等待其他各方[：{reason}]",
                      "{actor} did “{action}”, waiting for the other parties[: {reason}]"),
    "matter.duplicate_joined": ("编号{number}的事项并入本事项[：{reason}]", "Matter {number} was merged into this one[: {reason}]"),
    "matter.reported_again": ("{actor}登记：又有人反映这件事[：{reason}]", "{actor} recorded that somebody else reported it[: {reason}]"),
    "matter.merged": ("{actor}把事项并入{into}[：{reason}]", "{actor} merged the matter into {into}[: {reason}]"),
    "matter.handed_over": ("{actor}把{role}的个人链接交给了{name}", "{actor} gave {name} the personal link of the {role}"),
    "matter.erased": ("{actor}删除了这件事项中的个人内容[：{reason}]", "{actor} erased personal content of the matter[: {reason}]"),
}  # fmt: skip
_BY_PRIMITIVE = (
    "moved", "assigned", "measured", "noted", "extended", "transferred", "returned", "suspended", "resumed",
    "accepted", "confirmed", "denied", "reopened", "closed", "resolved", "escalated", "rated",
)  # fmt: skip
VERB_OF = {
    "move": "matter.moved",
    "assign": "matter.assigned",
    "measure": "matter.measured",
    "note": "matter.noted",
    "extend": "matter.extended",
    "transfer": "matter.transferred",
    "return": "matter.returned",
    "suspend": "matter.suspended",
    "resume": "matter.resumed",
    "accept": "matter.accepted",
    "confirm": "matter.confirmed",
    "deny": "matter.denied",
    "reopen": "matter.reopened",
    "close": "matter.closed",
    "merge": "matter.merged",
    "resolve": "matter.resolved",
    "escalate": "matter.escalated",
    "rate": "matter.rated",
}

_NOTICES: dict[str, tuple[str, str]] = {
    "matter.your_turn": ("“{title}”（{number}）等您办理：{action}", "“{title}” ({number}) waits for you: {action}"),
    "matter.assigned_you": ("“{title}”（{number}）由您担任{role}", "You are {role} of “{title}” ({number})"),
    "matter.progress": ("“{title}”（{number}）有新进展：{words}", "“{title}” ({number}) has moved: {words}"),
    "matter.done": ("“{title}”（{number}）已办结：{words}", "“{title}” ({number}) is closed: {words}"),
    "matter.not_solved": ("“{title}”（{number}）被反映未解决[：{reason}]",
                          "“{title}” ({number}) is said not to be solved[: {reason}]"),
    "matter.reopened_again": ("“{title}”（{number}）重新办理[：{reason}]", "“{title}” ({number}) was reopened[: {reason}]"),
    "matter.card": ("“{title}”（{number}）亮{colour}：{clock}", "“{title}” ({number}): {colour}, {clock}"),
    "matter.escalated": ("“{title}”（{number}）提级到您这里[：{clock}]", "“{title}” ({number}) was raised to you[: {clock}]"),
    "matter.merged_into": ("您反映的“{title}”与{into}是同一件事，已并入，进展会告诉您",
                           "“{title}”, which you reported, is the same as {into}: you will be told of its progress"),
    "matter.told": ("“{title}”（{number}）：{message}", "“{title}” ({number}): {message}"),
}  # fmt: skip
_TURN = ("matter.your_turn", "matter.assigned_you", "matter.not_solved", "matter.reopened_again")
_GROUPS = {**dict.fromkeys(_TURN, "turn"), "matter.card": "card", "matter.escalated": "card"}
_PRIVATE = {"title": ("一件事项", "a matter"), "reason": ("", "")}  # what residents wrote stays in the house


def register() -> None:
    """Register every verb and notice of the package; called once at start."""
    for key, (zh, en) in _VERBS.items():
        register_verb(key, zh=zh, en=en)
    for name in _BY_PRIMITIVE:
        register_verb(f"matter.{name}", zh="{actor}：{action}" + _TAIL_ZH, en="{actor}: {action}" + _TAIL_EN)
    for key, (zh, en) in _NOTICES.items():
        register_notice(key, zh=zh, en=en, group=_GROUPS.get(key, "progress"), private=_PRIVATE)
