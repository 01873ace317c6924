"""The ``activities`` (活动) section of a method file: what is held, by whom, and the teams that hold it.

::

    activities:
      kinds:
        festival:
          title: {zh: 节日文艺活动, en: Festival event}
          organisers: [secretary, committee_member]   # whose posts may announce one
          team: arts                                  # which teams hold it
      teams:
        arts:
          title: {zh: 文艺志愿服务队, en: Arts volunteers}
          founders: [secretary, committee_member]     # whose posts may found one; the organisers where none is named
      keep: 30 天                                     # the names of who signed up, after it was held; then erased

How many came is a number of the activity; nothing here, or in the tables, adds up how often a person came.
No Django, no database.
"""

from __future__ import annotations

from bihuan.methods.schema.base import REQUIRED, Amount, Part, Text, Words, word

KEY = "activities"
KEY_ZH = "活动"
KEEP_DAYS = 30


class ActivityKind(Part):
    """活动种类：办什么，谁来办。 A kind of activity: what is held, and who holds it."""

    title: Text = word("标题", REQUIRED, "活动种类的名称", "the kind's name")
    organisers: Words = word("组织", REQUIRED, "哪些角色可以发布", "the roles that may announce one", min_length=1)
    team: str = word("队伍", "", "由哪类队伍来办", "the kind of team that holds it")
    note: str = word("说明", "", "发布时给组织者看的提示", "a hint for who announces one")


class TeamKind(Part):
    """队伍类别：由哪类人组成的队伍。 A kind of team: who it is made of."""

    title: Text = word("标题", REQUIRED, "队伍类别的名称", "the kind's name")
    founders: Words = word(
        "建队", [], "哪些角色可以建队；不写即活动的组织者", "the roles that may found one; else its organisers"
    )
    note: str = word("说明", "", "给想参加的人看的说明", "a note for who wants to join")


class Activities(Part):
    """活动：这个工作法里办的活动和办活动的队伍。 What is held under this method, and the teams that hold it."""

    kinds: dict[str, ActivityKind] = word("种类", REQUIRED, "代号: 活动种类", "the kinds by key", min_length=1)
    teams: dict[str, TeamKind] = word("队伍", {}, "代号: 队伍类别", "the kinds of teams by key")
    keep: Amount = word(
        "保存",
        None,
        "活动办完后，报名人的称呼保存多久，到期清除",
        "how long names of who signed up are kept after it was held",
        default_factory=lambda: Amount(amount=KEEP_DAYS, unit="days"),
    )

    def founders(self, team: str) -> list[str]:
        """Return the roles that may found a team of a kind: its own, else those of the kinds that it holds."""
        spec = self.teams[team]
        if spec.founders:
            return spec.founders
        held = [kind for kind in self.kinds.values() if kind.team == team] or [*self.kinds.values()]
        return list(dict.fromkeys(role for kind in held for role in kind.organisers))
