"""Builds the sample in an empty database, by actions alone."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.areas.sample import load_sample
from bihuan.demo import cast, story, today
from bihuan.demo.world import World
from bihuan.kernel.api import clock, deliver_due, make_missing_roots
from bihuan.matters.api import index_pending, tick_due
from bihuan.methods.api import install, install_library, library_files
from bihuan.people.actions import make_sign_in
from bihuan.people.api import SYSTEM

Telling = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Account:
    """One way to sign in; the password is known here and never again."""

    office: str
    name: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the one who tries the sample needs."""

    accounts: tuple[Account, ...]
    inside: tuple[tuple[str, str], ...]  # (page and whose sign-in, path)
    door_path: str
    activities_path: str
    follow_path: str


def _quietly(_what: str) -> AbstractContextManager[None]:
    return nullcontext()


def load(*, told: Telling = _quietly) -> Loaded:
    """Load territory, people and methods, replay the quarter, begin these days' matters.

    Args:
        told: is given the name of each part and wraps it, to show progress.
    """
    world = World()
    with told(_("区域：1 区、9 街道、57 社区、48 栋楼")), world.on("2023-12-01 09:00"):
        load_sample(actor=SYSTEM)
    with told(_("人员和岗位")), world.on("2023-12-04 09:00"):
        world.settle_in()
    with told(_("工作法")), world.on("2023-12-05 09:00"):
        install_library(actor=SYSTEM, area_code=cast.DISTRICT, default_for_reports=cast.OWN_METHOD)
        own = library_files()[cast.OWN_METHOD].read_text(encoding="utf-8")
        install(actor=SYSTEM, source=own, area_code=cast.COMMUNITY, default_for_reports=True)
    with told(_("重放 2024 年第一季度")):
        events = story.tell(world)
    with told(_("今天的几件事，供试用")):
        today.begin(world, events)
        tick_due()
        _catch_up()
    with told(_("登录账号")):
        accounts = tuple(_account(world, member) for member in cast.PEOPLE if member.account)
    return Loaded(
        accounts=accounts,
        inside=_inside(accounts),
        activities_path=reverse("portal:activities", args=[cast.COMMUNITY]),
        door_path=reverse("portal:door", args=[world.door(12)]),
        follow_path=reverse("portal:follow", args=[events.links["light"]]),
    )


def _catch_up() -> None:
    """Do what the worker would have done by now: search, the days' roots, and the messages of the replay.

    The messages are swallowed: printed in one heap when the site starts, they would bury what it prints.
    """
    while index_pending():
        pass
    with contextlib.redirect_stdout(io.StringIO()):
        while deliver_due(limit=200).sent:
            pass
    while make_missing_roots():
        pass


def _inside(accounts: tuple[Account, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pages of work in the field, each with a sign-in that finds something there."""
    by_name = {account.username: f"{account.office} {account.username}" for account in accounts}
    return (
        (_("现场（手机，没有网也能记）：%(who)s") % {"who": by_name["wanggeyuan"]}, reverse("field:shell")),
        (_("走到了哪里、还差哪里：%(who)s") % {"who": by_name["shuji"]}, reverse("desk:rounds")),
        (_("结对帮扶的一户：%(who)s") % {"who": by_name["lianjian"]}, reverse("desk:pairings")),
    )


def _account(world: World, member: cast.Member) -> Account:
    with clock.at(clock.now() - timedelta(seconds=1)):
        made = make_sign_in(
            actor=SYSTEM,
            person_id=world.person(member.key),
            username=member.account,
            must_change=False,
            entry_id=world.id(),
        )
    return Account(member.office, member.name, made.username, made.password)
