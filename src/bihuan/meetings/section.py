"""The ``deliberation`` (协商) section of a method file: its bodies and the rules they decide by.

::

    deliberation:
      bodies:
        grid_meeting:
          title: 网格会议
          title_en: Grid meeting
          convener: [grid_leader]              # who may call it
          chair: [grid_leader]
          minutes: [grid_worker]
          members:                             # who is due: the posts held in the area
            - grid_worker
            - {role: council_member, measures: {heads: 1, households: area.households}}
          sitting_in: [police, property]       # may come and speak, do not vote
          deputies: true
          standing: 每月10日、25日 15:00          # or an RRULE
          notice: 2                            # days between the call and the session
          agenda: [deliberate]                 # the steps whose matters wait for this body
          speaking: [reporter, grid_worker]    # the order of speaking
          ballots: [hands, open, secret]       # the first is proposed
          channels: [hands, paper, phone]
          quorum: 应到过半数                     # words, or CEL over due.*, present.*, register.*
          majority: 到会过半数                   # words, or CEL over agree.*, against.*, abstain.*, cast.*, …
          responsibility: [lead, tracker, supervisor]
          days: 15                             # workdays proposed as the limit of a resolution
          publicity: {on_the_spot: true, window: 5, objections: true}
          refers_to: joint_meeting

Pure: no Django. Texts for people come in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bihuan.meetings import standing
from bihuan.meetings.expression import Words, check, names, parse

KEY = "deliberation"
KEY_ZH = "协商"

SYNONYMS: dict[str, str] = {
    "协商": "deliberation",
    "议事": "deliberation",
    "机构": "bodies",
    "会议": "bodies",
    "名称": "title",
    "英文名称": "title_en",
    "召集人": "convener",
    "主持人": "chair",
    "记录人": "minutes",
    "成员": "members",
    "应到": "members",
    "角色": "role",
    "计量": "measures",
    "列席": "sitting_in",
    "可委托": "deputies",
    "例会": "standing",
    "地点": "place",
    "提前通知": "notice",
    "议题来自": "agenda",
    "发言顺序": "speaking",
    "表决方式": "ballots",
    "表决渠道": "channels",
    "法定人数": "quorum",
    "到会要求": "quorum",
    "通过条件": "majority",
    "责任分工": "responsibility",
    "办理天数": "days",
    "公示": "publicity",
    "现场公布": "on_the_spot",
    "公示期": "window",
    "可提异议": "objections",
    "提交": "refers_to",
}

MEASURES: dict[str, Words] = {
    "heads": ("人数", "heads"),
    "households": ("户数", "households"),
    "floor_area": ("建筑面积", "floor area"),
    "shares": ("份额", "shares"),
}
_QUORUM_SUBJECTS: dict[str, Words] = {
    "due": ("应到", "due"),
    "present": ("到会", "present"),
    "register": ("在册", "on the register"),
}
_VOTE_SUBJECTS: dict[str, Words] = {
    **_QUORUM_SUBJECTS,
    "agree": ("赞成", "for"),
    "against": ("反对", "against"),
    "abstain": ("弃权", "abstaining"),
    "cast": ("参加表决", "voting"),
}

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


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_member(value: object) -> object:
    return {"role": value} if isinstance(value, str) else value


Keys = Annotated[list[str], BeforeValidator(_as_list)]
BallotKind = Literal["hands", "open", "secret"]
Channel = Literal["hands", "paper", "phone"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Part):
    """A role whose holders in the area are due. A measure is a number or a fact of the post's own area."""

    role: str
    measures: dict[str, float | Literal["area.households", "area.floor_area"]] = Field(
        default_factory=lambda: {"heads": 1.0}
    )


class Publicity(_Part):
    """How results become known: on the spot, then on the wall for ``window`` workdays, open to objections."""

    on_the_spot: bool = True
    window: int = Field(default=0, ge=0, le=365)
    objections: bool = True


class Body(_Part):
    """One body that deliberates."""

    title: str = Field(min_length=1, max_length=40)
    title_en: str = ""
    convener: Keys = Field(min_length=1)
    chair: Keys = Field(default_factory=list)
    minutes: Keys = Field(default_factory=list)
    members: list[Annotated[Member, BeforeValidator(_as_member)]] = Field(min_length=1)
    sitting_in: Keys = Field(default_factory=list)
    deputies: bool = True
    standing: str = ""
    place: str = ""
    notice: int = Field(default=0, ge=0, le=60)
    agenda: Keys = Field(default_factory=list)
    speaking: Keys = Field(default_factory=list)
    ballots: list[BallotKind] = Field(default_factory=lambda: ["hands", "open", "secret"], min_length=1)
    channels: list[Channel] = Field(default_factory=lambda: ["hands", "paper", "phone"], min_length=1)
    quorum: str = "应到过半数"
    majority: str = "到会过半数"
    responsibility: Keys = Field(default_factory=lambda: ["lead", "tracker", "supervisor"])
    days: int = Field(default=15, ge=1, le=750)
    publicity: Publicity = Field(default_factory=Publicity)
    refers_to: str = ""

    @property
    def quorum_rule(self) -> str:
        """The quorum as an expression."""
        return QUORUM_WORDS.get(self.quorum.strip(), self.quorum)

    @property
    def majority_rule(self) -> str:
        """The majority as an expression."""
        return MAJORITY_WORDS.get(self.majority.strip(), self.majority)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some member has, heads first."""
        found = dict.fromkeys(["heads", *(name for member in self.members for name in member.measures)])
        return tuple(found)


class Deliberation(_Part):
    """The section: bodies by key."""

    bodies: dict[str, Body] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the section, at ``path`` below it; ``severity`` is "error" or "warning"."""

    path: tuple[str | int, ...]
    severity: Literal["error", "warning"]
    message: str
    message_en: str
    mend: str = ""
    mend_en: str = ""


def known_names(measures: Iterable[str], *, voting: bool) -> dict[str, Words]:
    """The names a condition may use, with their words: ``present.heads`` → 到会人数."""
    subjects = _VOTE_SUBJECTS if voting else _QUORUM_SUBJECTS
    own = {name: MEASURES.get(name, (name, name)) for name in measures}
    register = {**own, "households": MEASURES["households"], "floor_area": MEASURES["floor_area"]}
    return {
        f"{subject}.{name}": (f"{zh}{words[0]}", f"{words[1]} {en}")
        for subject, (zh, en) in subjects.items()
        for name, words in (register if subject == "register" else own).items()
    }


def check_section(section: Deliberation, *, roles: Iterable[str], steps: Iterable[str]) -> list[Flaw]:
    """Everything wrong with a section at once.

    Args:
        section: as parsed.
        roles: every role and party the method knows.
        steps: its step keys.
    """
    roles, steps = set(roles), set(steps)
    return [
        flaw
        for key, body in section.bodies.items()
        for flaw in (
            *_check_references(key, body, roles, steps, section.bodies),
            *_check_conditions(key, body),
            *_check_standing(key, body),
            *_check_burden(key, body),
        )
    ]


def _check_references(
    key: str, body: Body, roles: set[str], steps: set[str], bodies: Mapping[str, Any]
) -> Iterator[Flaw]:
    named: dict[str, list[str]] = {
        "convener": body.convener,
        "chair": body.chair,
        "minutes": body.minutes,
        "members": [member.role for member in body.members],
        "sitting_in": body.sitting_in,
        "speaking": body.speaking,
        "responsibility": body.responsibility,
    }
    for where, used in named.items():
        for at, role in enumerate(used):
            if role not in roles:
                yield Flaw(
                    ("bodies", key, where, at),
                    "error",
                    f"没有角色“{role}”",
                    f"there is no role “{role}”",
                    "在 roles 里写明，或改用已有的角色",
                    "declare it under roles, or use one that is there",
                )
    for at, step in enumerate(body.agenda):
        if step not in steps:
            yield Flaw(("bodies", key, "agenda", at), "error", f"没有环节“{step}”", f"there is no step “{step}”")
    if body.refers_to and (body.refers_to not in bodies or body.refers_to == key):
        yield Flaw(
            ("bodies", key, "refers_to"),
            "error",
            f"“{body.refers_to}”不是另一个会议",
            f"“{body.refers_to}” is not another body",
        )


def _check_conditions(key: str, body: Body) -> Iterator[Flaw]:
    rules = (
        ("quorum", body.quorum_rule, body.quorum, QUORUM_WORDS, False),
        ("majority", body.majority_rule, body.majority, MAJORITY_WORDS, True),
    )
    for where, rule, written, words, voting in rules:
        for error in check(rule, known_names(body.measures, voting=voting)):
            yield Flaw(
                ("bodies", key, where),
                "error",
                f"“{written}”第 {error.column} 个字：{error.zh}",
                f"“{written}”, column {error.column}: {error.en}",
                f"可写：{'、'.join(words)}，或 CEL 条件",
                "write one of the phrases, or a CEL condition",
            )
    if "secret" in body.ballots and not check(body.majority_rule, known_names(body.measures, voting=True)):
        weighted = [
            name
            for name in sorted(names(parse(body.majority_rule)))
            if name.split(".")[0] in {"agree", "against", "abstain"} and not name.endswith(".heads")
        ]
        if weighted:
            yield Flaw(
                ("bodies", key, "ballots"),
                "error",
                f"无记名投票只能按人数计票，而通过条件用到 {'、'.join(weighted)}：按份额累计会泄露谁投了什么",
                f"a secret ballot counts heads only, yet the majority uses {', '.join(weighted)}: weights betray votes",
                "去掉 secret，或通过条件只用人数",
                "drop secret, or decide by heads",
            )


def _check_standing(key: str, body: Body) -> Iterator[Flaw]:
    if not body.standing:
        return
    try:
        standing.to_rrule(body.standing)
    except standing.StandingError as error:
        yield Flaw(("bodies", key, "standing"), "error", error.zh, error.en)


def _check_burden(key: str, body: Body) -> Iterator[Flaw]:
    if body.standing and standing.to_rrule_or_none(body.standing) in {"FREQ=DAILY"}:
        yield Flaw(
            ("bodies", key, "standing"),
            "warning",
            "天天开例会会加重基层负担",
            "a standing session every day is a burden",
            "没有议题就不开会：改为每周或每月",
            "weekly or monthly will do",
        )
    if not body.publicity.on_the_spot and not body.publicity.window:
        yield Flaw(
            ("bodies", key, "publicity"),
            "warning",
            "结果既不现场公布也不公示，群众看不到",
            "results are neither told on the spot nor published",
        )
