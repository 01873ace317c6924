"""The verbs and notices of rosters, duties and hours, each with a sentence in both languages."""

from __future__ import annotations

VERBS: dict[str, tuple[str, str]] = {
    "roster.published": (
        "{actor}公布了 {since} 至 {until} 的值班表",
        "{actor} published the duty roster of {since} to {until}",
    ),
    "roster.swapped": ("{actor}安排了换班[，原因：{reason}]", "{actor} had two duties swapped[: {reason}]"),
    "roster.offered": ("有队员请人顶班[，原因：{reason}]", "A member asks for somebody to stand in[: {reason}]"),
    "roster.stood_in": ("有队员顶班[，原因：{reason}]", "A member stands in[: {reason}]"),
    "roster.taken_back": (
        "{actor}撤回了值班表，还没值的 {number} 班取消[，原因：{reason}]",
        "{actor} took the roster back, {number} duties to come are off[: {reason}]",
    ),
    "roster.called": ("值班登记了一件来电或求助", "A call was noted during a duty"),
    "roster.instructed": ("{actor}对一件登记作了批示", "{actor} gave an instruction on a call"),
    "roster.settled": ("一件登记已办结", "A call was settled"),
    "roster.became_matter": ("{actor}把一件登记转为事项", "{actor} made a matter of a call"),
    "roster.handed_over": ("有队员交了班", "A duty was handed over"),
    "team.away": ("有队员说了不能值班的日子", "A member told on which days they cannot stand a duty"),
    "team.hours_published": ("{actor}公示了 {number} 条服务时长", "{actor} published {number} hours of service"),
    "team.hours_objected": ("有人对公示的时长提出异议", "Somebody objected to published hours"),
    "team.hours_answered": ("{actor}答复了对时长的异议", "{actor} answered an objection to hours"),
    "activity.helped": ("{actor}登记了 {number} 名队员来帮忙", "{actor} noted {number} members who helped"),
}

NOTICES: dict[str, tuple[str, str]] = {
    "duty.yours": (
        "“{title}”的值班表公布了，您有 {number} 班，第一班 {when}",
        "The roster of “{title}” is out: you have {number} duties, the first on {when}",
    ),
    "duty.changed": (
        "“{title}”{when} 的值班有变动[：{reason}]",
        "The duty of “{title}” on {when} has changed[: {reason}]",
    ),
    "duty.offered": (
        "“{title}”{when} 有人请顶班[：{reason}]",
        "Somebody asks for a stand-in for “{title}” on {when}[: {reason}]",
    ),
    "duty.handed_to_you": (
        "“{title}”{when} 向您交班，未办 {number} 件",
        "“{title}” is handed over to you at {when}, {number} open",
    ),
}
TURN = frozenset({"duty.yours", "duty.offered", "duty.handed_to_you"})
