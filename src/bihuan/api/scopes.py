"""What a key may be made for: each scope in words, and which of its person's permissions it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import get_language

from bihuan.areas.api import within
from bihuan.people import permissions as p
from bihuan.people.api import ANONYMOUS, Actor, PostRef


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope: what it opens, in Chinese and English, and the permissions a key keeps by it."""

    zh: str
    en: str
    grants: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The scope in the reader's language."""
        return self.en if (get_language() or "").startswith("en") else self.zh


MATTERS_READ = "matters:read"
MATTERS_WRITE = "matters:write"
REPORTS_WRITE = "reports:write"
METHODS_READ = "methods:read"
METHODS_WRITE = "methods:write"
MEETINGS_READ = "meetings:read"
MEETINGS_WRITE = "meetings:write"
ACTIVITIES_READ = "activities:read"
ACTIVITIES_WRITE = "activities:write"
ROUNDS_READ = "rounds:read"
ROUNDS_WRITE = "rounds:write"
VISITS_READ = "visits:read"
FIGURES_READ = "figures:read"
REGISTERS_READ = "registers:read"
LEDGERS_WRITE = "ledgers:write"
NOTICES_READ = "notices:read"
NOTICES_WRITE = "notices:write"
FORMS_WRITE = "forms:write"
AREAS_READ = "areas:read"
AREAS_WRITE = "areas:write"
HOOKS_READ = "hooks:read"
HOOKS_WRITE = "hooks:write"

# No scope leaves MATTER_PERSONAL, PAIRING_READ or PEOPLE_READ: a key shows no sealed value to anybody.
SCOPES: dict[str, Scope] = {
    MATTERS_READ: Scope(
        "读取事项、台账、待办，含反映的原文，不含姓名和电话",
        "read matters, the ledger and to-dos, with the words of the report, without names and phone numbers",
        frozenset({p.MATTER_READ, p.LEDGER_READ, p.MAP_READ}),
    ),
    MATTERS_WRITE: Scope(
        "登记和办理事项，以负责人的岗位",
        "record matters and act on them, by the posts of who answers for the key",
        frozenset({p.MATTER_READ, p.MATTER_RECORD}),
    ),
    REPORTS_WRITE: Scope(
        "替居民提交反映（网页、小程序、Open311），不能办理",
        "send in residents' reports (a site, an app, Open311), without acting on them",
    ),
    METHODS_READ: Scope("读取和检查工作法", "read and check work methods", frozenset({p.METHOD_READ})),
    METHODS_WRITE: Scope(
        "起草、发布工作法，把事项迁到新版",
        "draft and publish work methods, and move matters to a new version",
        frozenset({p.METHOD_READ, p.METHOD_EDIT, p.METHOD_PUBLISH, p.MATTER_MIGRATE}),
    ),
    MEETINGS_READ: Scope(
        "读取会议、议程和决议，不含个人表决",
        "read meetings, agendas and resolutions, without who voted how",
        frozenset({p.MEETING_READ}),
    ),
    MEETINGS_WRITE: Scope(
        "召集和主持会议，以负责人的岗位；不代人表决",
        "call and run meetings by the posts of who answers for the key; nobody's own vote",
        frozenset({p.MEETING_READ, p.MEETING_CALL, p.MATTER_READ}),
    ),
    ACTIVITIES_READ: Scope(
        "读取活动，不含报名名单", "read activities, without who signed up", frozenset({p.ACTIVITY_READ})
    ),
    ACTIVITIES_WRITE: Scope(
        "发布和登记活动，管理队伍，代居民报名",
        "announce and record activities, keep teams, sign residents up",
        frozenset({p.ACTIVITY_READ, p.ACTIVITY_MANAGE}),
    ),
    ROUNDS_READ: Scope("读取巡访覆盖", "read what the rounds cover", frozenset({p.ROUND_READ})),
    ROUNDS_WRITE: Scope(
        "记录走访和发现的问题，维护巡访地点；不涉及结对户",
        "record visits and what they find, keep the places of the rounds; no paired households",
        frozenset(
            {p.ROUND_READ, p.VISIT_READ, p.VISIT_RECORD, p.VISIT_REVIEW, p.PLACE_EDIT, p.MATTER_READ, p.MATTER_RECORD}
        ),
    ),
    VISITS_READ: Scope("读取民情日志", "read visits and field diaries", frozenset({p.VISIT_READ})),
    FIGURES_READ: Scope("读取指标", "read figures", frozenset({p.FIGURE_READ})),
    REGISTERS_READ: Scope(
        "导出台账，个人信息打码",
        "export registers, personal values masked",
        frozenset({p.LEDGER_READ, p.LEDGER_EXPORT, p.MATTER_READ}),
    ),
    LEDGERS_WRITE: Scope(
        "导入旧台账", "bring in old ledgers", frozenset({p.LEDGER_IMPORT, p.MATTER_READ, p.MATTER_RECORD})
    ),
    NOTICES_READ: Scope(
        "读取简报、公示、公文，不含异议人",
        "read bulletins, notices and documents, without who objects",
        frozenset({p.BULLETIN_READ}),
    ),
    NOTICES_WRITE: Scope(
        "起草、改写、核对简报和公示，不能签发",
        "draft, rewrite and check bulletins and notices, without signing them off",
        frozenset({p.BULLETIN_READ, p.BULLETIN_WRITE, p.FIGURE_READ, p.MATTER_READ}),
    ),
    FORMS_WRITE: Scope(
        "填报上级的表格，个人信息打码",
        "have superiors' forms filled, personal values masked",
        frozenset({p.FORM_FILL, p.FIGURE_READ, p.LEDGER_READ, p.MATTER_READ}),
    ),
    AREAS_READ: Scope(
        "读取区域和地图计数", "read areas and the counts of the map", frozenset({p.AREA_READ, p.MAP_READ})
    ),
    AREAS_WRITE: Scope(
        "导入和更正区域、楼门码",
        "import and correct areas, and door codes",
        frozenset({p.AREA_READ, p.AREA_IMPORT}),
    ),
    HOOKS_READ: Scope("读取推送的消息", "read the messages of hooks", frozenset({p.INTERFACE_MANAGE})),
    HOOKS_WRITE: Scope("要求重发推送的消息", "have messages of hooks sent again", frozenset({p.INTERFACE_MANAGE})),
}


def for_residents(actor: Actor) -> Actor:
    """Return who reports through a key: a resident whom the key's own house may know, never the key's person."""
    return replace(ANONYMOUS, language=actor.language, via=actor.via) if actor.via else actor


def narrowed(actor: Actor, area_code: str, scopes: frozenset[str], via: str) -> Actor:
    """Return what a key may of an actor: the posts that reach its area, there alone, cut down to its scopes."""
    kept = frozenset().union(*(SCOPES[scope].grants for scope in scopes if scope in SCOPES))
    posts: list[PostRef] = []
    for post in actor.posts:
        if within(area_code, post.area_code):
            posts.append(replace(post, area_code=area_code, granted=post.grants & kept))
        elif within(post.area_code, area_code):
            posts.append(replace(post, granted=post.grants & kept))
    return replace(actor, posts=tuple(posts), via=via)
