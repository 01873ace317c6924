"""What is held under a method, as it is drawn under its stations: a compact table, in either language. No database."""

from __future__ import annotations

from datetime import date

from bihuan.activities.section import KEY, Activities
from bihuan.methods.api import Method, Table


def draw(method: Method, section: Activities, language: str, day: date | None) -> list[Table]:
    """What is held, who announces it, which team holds it, what organisers are told."""
    del day
    english = language.startswith("en")
    head = ("Activity", "Announced by", "Team") if english else ("活动", "谁来办", "队伍")
    comma = ", " if english else "、"
    rows = []
    for key, kind in section.kinds.items():
        who = comma.join(method.role_title(role).say(language) for role in kind.organisers)
        team = section.teams.get(kind.team)
        rows.append((key, (kind.title.say(language), who, team.title.say(language) if team else "")))
    return [Table(KEY, "Activities" if english else "活动", head, tuple(rows))]
