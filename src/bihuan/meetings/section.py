"""The ``deliberation`` (协商) section of a method file: its bodies and the rules they decide by.

::

    deliberation:
      bodies:
        grid_meeting:
          title: {zh: 网格会议, en: Grid meeting}
          convener: [grid_leader]              # who may call it
          chair: [grid_leader]
          minutes: [grid_worker]
          members:                             # who is due: the posts held in the area
            - grid_worker
            - {role: council_member, measures: {heads: 1, households: area.households}}
          sitting_in: [police, property]       # come and speak, do not vote
          deputies: true
          standing: 每月10日、25日 15:00          # or an RRULE
          notice: 2                            # days between the call and the session
          reminder: 1                          # days before that those due are reminded; 0 for never
          speaking: [resident, grid_worker]    # the order of speaking
          ballots: [hands, open, secret]       # the first is proposed
          channels: [hands, paper, phone]
          quorum: 应到过半数                     # words, or CEL over due.*, present.*, register.*
          majority: 到会过半数                   # words, or CEL over agree.*, against.*, abstain.*, cast.*, …
          publicity: {on_the_spot: true, window: 5, objections: true}
          refers_to: joint_meeting

Which matters wait for a body is the steps' to say (``deliberated_by``); what a resolution does with them is an
action ``by: meeting:<body>``, with what it assigns and the limits it sets. No Django, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import field_validator, model_validator

from bihuan.kernel.recurrence import RecurrenceError, to_rrule
from bihuan.meetings.expression import check, names, parse
from bihuan.meetings.rules import MEASURES, Rule, known_names
from bihuan.methods.schema.base import REQUIRED, Part, Text, Words, word

KEY = "deliberation"
KEY_ZH = "协商"

QUORUM_WORDS: dict[str, str] = {
    "不限": "present.heads >= 1",
    "应到过半数": "present.heads * 2 > due.heads",
    "过半数": "present.heads * 2 > due.heads",
    "应到三分之二以上": "present.heads * 3 >= due.heads * 2",
    "三分之二以上": "present.heads * 3 >= due.heads * 2",
    "全体到会": "present.heads == due.heads",
}
MAJORITY_WORDS: dict[str, str] = {
    "赞成多于反对": "agree.heads > against.heads",
    "到会过半数": "agree.heads * 2 > present.heads",
    "过半数": "agree.heads * 2 > present.heads",
    "应到过半数": "agree.heads * 2 > due.heads",
    "到会三分之二以上": "agree.heads * 3 >= present.heads * 2",
    "三分之二以上": "agree.heads * 3 >= present.heads * 2",
    "应到三分之二以上": "agree.heads * 3 >= due.heads * 2",
    "全体一致": "agree.heads == present.heads",
}
QUORUM_WORDS_EN: dict[str, str] = {
    "不限": "any number",
    "应到过半数": "more than half of those due",
    "过半数": "more than half of those due",
    "应到三分之二以上": "at least two thirds of those due",
    "三分之二以上": "at least two thirds of those due",
    "全体到会": "everyone due",
}
MAJORITY_WORDS_EN: dict[str, str] = {
    "赞成多于反对": "more for than against",
    "到会过半数": "more than half of those present",
    "过半数": "more than half of those present",
    "应到过半数": "more than half of those due",
    "到会三分之二以上": "at least two thirds of those present",
    "三分之二以上": "at least two thirds of those present",
    "应到三分之二以上": "at least two thirds of those due",
    "全体一致": "everyone present",
}
BALLOTS = {"hands": "举手", "open": "记名", "secret": "无记名"}
BALLOTS_EN = {"hands": "show of hands", "open": "open ballot", "secret": "secret ballot"}
CHANNELS = {"hands": "现场举手", "paper": "纸质票", "phone": "手机"}
CHANNELS_EN = {"hands": "hands raised", "paper": "paper", "phone": "phone"}
AREA_FACTS = {"area.households": "households", "area.floor_area": "floor_area"}
_MEASURE_ZH = {zh: key for key, (zh, _) in MEASURES.items()}

BallotKind = Literal["hands", "open", "secret"]
Channel = Literal["hands", "paper", "phone"]


class Member(Part):
    """成员：在本区域任这个岗位的人应到会；一人多岗只算一个。"""  # noqa: D415

    role: str = word("角色", REQUIRED, "哪个角色的人应到会", "whose holders in the area are due")
    measures: dict[str, float | Literal["area.households", "area.floor_area"]] = word(
        "计量",
        None,
        "一票代表多少：数字，或岗位所在区域的户数、面积",
        "the weight of the vote: a number, or a fact of the post's own area",
        default_factory=lambda: {"heads": 1.0},
    )

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"role": value} if isinstance(value, str) else value

    @field_validator("measures", mode="after")
    @classmethod
    def _named(cls, value: dict[str, Any]) -> dict[str, Any]:
        return {"heads": 1.0, **{_MEASURE_ZH.get(name, name): weight for name, weight in value.items()}}


class Publicity(Part):
    """公示：现场公布，再张榜若干工作日，期间可提异议。"""  # noqa: D415

    on_the_spot: bool = word("现场公布", True, "会议结束当场公布", "told on the spot")  # noqa: FBT003
    window: int = word("公示期", 0, "公示几个工作日", "workdays on the wall", ge=0, le=365)
    objections: bool = word("可提异议", True, "公示期内可提异议", "objections are heard meanwhile")  # noqa: FBT003


class Body(Part):
    """议事组织：一个会议，和它议事的规矩。"""  # noqa: D415

    title: Text = word("标题", REQUIRED, "会议的名称", "the body's name")
    convener: Words = word("召集人", REQUIRED, "哪些角色可以召集", "who may call it", min_length=1)
    chair: Words = word("主持人", [], "哪些角色主持；不写即召集人", "who chairs; the convener where none is named")
    minutes: Words = word("记录人", [], "哪些角色记录", "who keeps the minutes")
    members: list[Member] = word("成员", REQUIRED, "谁应到会、一票代表多少", "who is due", min_length=1)
    sitting_in: Words = word("列席", [], "哪些角色列席：发言，不表决", "who sits in: speaks, does not vote")
    deputies: bool = word("可委托", True, "缺席的成员可以委托他人", "an absent member may send a deputy")  # noqa: FBT003
    standing: str = word("例会", "", "例会日：每月10日、25日，每季度，或 RRULE", "standing sessions, in words or RRULE")
    place: str = word("地点", "", "通常在哪里开", "where it usually meets")
    notice: int = word("提前通知", 0, "至少提前几天通知", "days between the call and the session", ge=0, le=60)
    reminder: int = word(
        "提醒", 1, "开会前几天提醒应到会的人；例会没有召集的，提前提醒召集人；0 为不提醒",
        "days before a session that those due are reminded, and callers of one not called; 0 for never", ge=0, le=30,
    )  # fmt: skip
    speaking: Words = word("发言顺序", [], "按角色的发言顺序", "the order of speaking, by role")
    ballots: list[BallotKind] = word(
        "表决方式", None, "可用的表决方式，第一个为常用", "ballots allowed; the first is proposed", values=BALLOTS,
        min_length=1, default_factory=lambda: ["hands", "open", "secret"],
    )  # fmt: skip
    channels: list[Channel] = word(
        "表决渠道", None, "举手、纸质票、手机，合并计票", "hands, paper and phone, in one count", values=CHANNELS,
        min_length=1, default_factory=lambda: ["hands", "paper", "phone"],
    )  # fmt: skip
    quorum: str = word("到会要求", "应到过半数", "几个人到会才可以表决：用语或 CEL", "a quorum: a phrase or CEL")
    majority: str = word("通过条件", "到会过半数", "怎样算通过：用语或 CEL", "a majority: a phrase or CEL")
    publicity: Publicity = word("公示", None, "结果怎样公布", "how results are told", default_factory=Publicity)
    refers_to: str = word("提交", "", "议不了的提交哪个会议", "the body to which it carries what it cannot settle")

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some member has, heads first."""
        return tuple(dict.fromkeys(["heads", *(name for member in self.members for name in member.measures)]))

    @property
    def rule(self) -> Rule:
        """The rule by which the body decides, as the counting takes it."""
        quorum, majority = self.quorum.strip(), self.majority.strip()
        return Rule(
            QUORUM_WORDS.get(quorum, quorum),
            MAJORITY_WORDS.get(majority, majority),
            self.measures,
            quorum,
            majority,
            QUORUM_WORDS_EN.get(quorum, ""),
            MAJORITY_WORDS_EN.get(majority, ""),
        )


class Deliberation(Part):
    """协商：这个工作法里的议事组织。"""  # noqa: D415

    bodies: dict[str, Body] = word("组织", REQUIRED, "代号: 议事组织", "the bodies by key", min_length=1)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the section, at ``path`` below it; ``severity`` is "error" or "warning"."""

    path: tuple[str | int, ...]
    severity: Literal["error", "warning"]
    code: str
    message: str
    message_en: str
    mend: str = ""
    mend_en: str = ""


def check_section(section: Deliberation, *, roles: Iterable[str], deliberated: Iterable[str]) -> list[Flaw]:
    """Everything wrong with a section at once.

    Args:
        section: as parsed.
        roles: every role and party the method knows.
        deliberated: the bodies that some step waits for.
    """
    known, waited = set(roles), set(deliberated)
    return [
        flaw
        for key, body in section.bodies.items()
        for flaw in (
            *_check_references(key, body, known, section.bodies),
            *_check_conditions(key, body),
            *_check_secrecy(key, body),
            *_check_standing(key, body),
            *_check_use(key, body, waited),
        )
    ]


def _check_references(key: str, body: Body, roles: set[str], bodies: Mapping[str, Any]) -> Iterator[Flaw]:
    named: dict[str, list[str]] = {
        "convener": body.convener,
        "chair": body.chair,
        "minutes": body.minutes,
        "members": [member.role for member in body.members],
        "sitting_in": body.sitting_in,
        "speaking": body.speaking,
    }
    for where, used in named.items():
        for at, role in enumerate(used):
            if role not in roles:
                yield Flaw(
                    ("bodies", key, where, at),
                    "error",
                    "unknown-role",
                    f"没有角色“{role}”。",
                    f"There is no role '{role}'.",
                    "在“角色”里写明，或改用已有的角色。",
                    "Declare it under roles, or use one that is there.",
                )
    if body.refers_to and (body.refers_to not in bodies or body.refers_to == key):
        yield Flaw(
            ("bodies", key, "refers_to"),
            "error",
            "unknown-body",
            f"“{body.refers_to}”不是另一个会议。",
            f"'{body.refers_to}' is not another body.",
            f"可写：{'、'.join(other for other in bodies if other != key) or '（没有别的会议）'}。",
            f"There are: {', '.join(other for other in bodies if other != key) or 'none'}.",
        )


def _check_conditions(key: str, body: Body) -> Iterator[Flaw]:
    rule = body.rule
    conditions = (
        ("quorum", rule.quorum, body.quorum, QUORUM_WORDS, False),
        ("majority", rule.majority, body.majority, MAJORITY_WORDS, True),
    )
    for where, condition, written, words, voting in conditions:
        for error in check(condition, known_names(rule.measures, voting=voting)):
            yield Flaw(
                ("bodies", key, where),
                "error",
                "bad-condition",
                f"“{written}”第 {error.column} 个字：{error.zh}。",
                f"'{written}', column {error.column}: {error.en}.",
                f"可写：{'、'.join(words)}；或 CEL 条件。",
                "Write one of the phrases, or a CEL condition.",
            )


def _check_secrecy(key: str, body: Body) -> Iterator[Flaw]:
    rule = body.rule
    if "secret" not in body.ballots or check(rule.majority, known_names(rule.measures, voting=True)):
        return
    sides = {"agree", "against", "abstain"}
    used = sorted(names(parse(rule.majority)))
    weighted = [name for name in used if name.split(".")[0] in sides and not name.endswith(".heads")]
    if weighted:
        yield Flaw(
            ("bodies", key, "ballots"),
            "error",
            "secret-weighted",
            f"无记名投票只按人数计票，通过条件却用到 {'、'.join(weighted)}：各家的份额不同，累计数会泄露谁投了什么。",
            f"A secret ballot counts heads only, yet the majority uses {', '.join(weighted)}: weights betray votes.",
            "去掉“无记名”，或通过条件只用人数。",
            "Drop 'secret', or decide by heads.",
        )


def _check_standing(key: str, body: Body) -> Iterator[Flaw]:
    if not body.standing:
        return
    path = ("bodies", key, "standing")
    try:
        rule = to_rrule(body.standing)
    except RecurrenceError as error:
        yield Flaw(path, "error", "bad-standing", f"{error.zh}。", f"{error.en}.")
        return
    if rule == "FREQ=DAILY":
        yield Flaw(
            path,
            "warning",
            "burden-daily-meeting",
            "天天开例会，会加重基层负担。",
            "A standing session every day is a burden.",
            "没有议题就不开会：改为每周或每月。",
            "Weekly or monthly will do.",
        )


def _check_use(key: str, body: Body, waited: set[str]) -> Iterator[Flaw]:
    if key not in waited:
        yield Flaw(
            ("bodies", key),
            "warning",
            "idle-body",
            f"没有环节等“{body.title.zh}”议决，它的议程只能手工添加。",
            f"No step waits for '{body.title.say('en')}': its agenda is filled by hand.",
            f"在某个环节写“议事组织: {key}”。",
            f"Write 'deliberated_by: {key}' in a step.",
        )
    if not body.publicity.on_the_spot and not body.publicity.window:
        yield Flaw(
            ("bodies", key, "publicity"),
            "warning",
            "unpublished",
            "结果既不现场公布也不公示，群众看不到。",
            "Results are neither told on the spot nor published.",
            "现场公布，或写明公示期。",
            "Tell them on the spot, or set a window.",
        )
