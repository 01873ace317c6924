"""Imports people and their posts from the lists that places keep: whole, or not at all."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas.codes import normalise as normalise_code
from bihuan.areas.models import Area
from bihuan.areas.tables import ImportReport, Row, RowProblem, Table, read_table
from bihuan.kernel.api import BadInput, clock, lookup_hash, visible
from bihuan.people import phones
from bihuan.people.actor import Actor
from bihuan.people.appointing import rights_above
from bihuan.people.models import Person, Post, Role
from bihuan.people.permissions import PEOPLE_MANAGE
from bihuan.people.rule import can, require
from bihuan.people.writing import create_person, create_post

SYNONYMS = {
    "姓名": "name",
    "name": "name",
    "岗位": "role",
    "职务": "role",
    "角色": "role",
    "role": "role",
    "区域编码": "area",
    "区域代码": "area",
    "网格编码": "area",
    "编码": "area",
    "area": "area",
    "area_code": "area",
    "手机": "phone",
    "手机号": "phone",
    "手机号码": "phone",
    "联系电话": "phone",
    "电话": "phone",
    "phone": "phone",
    "单位": "organisation",
    "工作单位": "organisation",
    "organisation": "organisation",
    "住址编码": "home",
    "home": "home",
    "home_code": "home",
    "任职日期": "since",
    "起始日期": "since",
    "since": "since",
    "任期至": "until",
    "结束日期": "until",
    "until": "until",
}
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


@dataclass(frozen=True)
class _Wanted:
    line: int
    name: str
    phone: str
    role: str
    area: str
    organisation: str
    home: str
    since: datetime.date
    until: datetime.date | None


@dataclass
class _Check:
    table: Table
    actor: Actor
    roles: dict[str, str]
    areas: frozenset[str]
    grants: dict[str, list[str]]  # of each role
    problems: list[RowProblem] = field(default_factory=list)
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)
    names: dict[str, tuple[str, int]] = field(default_factory=dict)  # phone → name, line

    def bad(self, row: Row, key: str, default: str, why: str, how: str) -> None:
        # The number itself stays out of the report: it may be printed or mailed.
        value = "" if key == "phone" else row.get(key)[:40]
        self.problems.append(RowProblem(row.line, self.table.heading(key, default), why, how, value))


def import_people(*, actor: Actor, data: bytes, filename: str, dry_run: bool) -> ImportReport:
    """Import persons and posts from an Excel or CSV file (姓名, 岗位, 区域编码, 手机, 单位, 任职日期 …).

    Somebody is the same person when the number is the same; without a number, when a person of that name
    holds that post already. A row that is so already writes nothing: the same file twice is one import.

    Args:
        actor: Needs PEOPLE_MANAGE in the area of every row, and does not appear in the file.
        data: The file's bytes.
        filename: Its name.
        dry_run: Only report.

    Raises:
        BadInput: when the file cannot be read as a table at all; wrong rows are in the report instead.
        PermissionDenied: when the actor may not manage people anywhere.
    """
    require(actor, PEOPLE_MANAGE)
    table = read_table(data, filename, SYNONYMS, ("name", "role", "area"))
    grants = dict(Role.objects.values_list("key", "grants"))
    check = _Check(table, actor, _role_words(), _areas_named(table), grants)
    wanted = [found for row in table.rows if (found := _read(check, row)) is not None]
    with transaction.atomic():
        new = [item for item in wanted if not _is_so(check, item)]
        if not dry_run and not check.problems:
            for item in new:
                _apply(actor, item)
    check.problems.sort(key=lambda problem: problem.line)
    return ImportReport(
        rows=len(table.rows),
        created=tuple(f"{item.name} {item.role} {item.area}" for item in new),
        unchanged=len(wanted) - len(new),
        problems=tuple(check.problems),
        dry_run=dry_run,
    )


def _role_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for key, title, title_en in Role.objects.values_list("key", "title", "title_en"):
        words |= {key: key, title: key, title_en.lower(): key}
    return words


def _areas_named(table: Table) -> frozenset[str]:
    wanted = {normalise_code(row.get(key)) for row in table.rows for key in ("area", "home")}
    found = Area.objects.filter(active=True, code__in=wanted - {""})
    return frozenset(found.values_list("code", flat=True))


def _read(check: _Check, row: Row) -> _Wanted | None:
    before = len(check.problems)
    name = " ".join(visible(row.get("name")).split())
    if not 1 <= len(name) <= 40:
        check.bad(row, "name", "姓名", _("姓名应为 1 到 40 个字"), _("请填写姓名"))
    role = check.roles.get(row.get("role").strip()) or check.roles.get(row.get("role").strip().lower(), "")
    if not role:
        known = "、".join(sorted({word for word in check.roles if not word.isascii()}))
        check.bad(row, "role", "岗位", _("没有这个岗位"), _("请填写：%(known)s") % {"known": known})
    area = _read_area(check, row, role)
    home = normalise_code(row.get("home"))
    if home and home not in check.areas:
        check.bad(row, "home", "住址编码", _("没有这个区域"), _("请填写住址所在楼栋的编码，或留空"))
    phone = _read_phone(check, row, name)
    since = _read_date(check, row, "since", "任职日期") or clock.today()
    until = _read_date(check, row, "until", "任期至")
    if until is not None and until < since:
        check.bad(row, "until", "任期至", _("任期止日早于起日"), _("请核对两个日期"))
    key = (phone or name, role, area)
    if len(check.problems) == before and key in check.seen:
        why = _("与第 %(line)d 行重复") % {"line": check.seen[key]}
        check.bad(row, "name", "姓名", why, _("请删去其中一行"))
    if len(check.problems) > before:
        return None
    check.seen[key] = row.line
    return _Wanted(row.line, name, phone, role, area, row.get("organisation"), home, since, until)


def _read_area(check: _Check, row: Row, role: str) -> str:
    area = normalise_code(row.get("area"))
    if area not in check.areas:
        why = _("没有编码为“%(code)s”的区域") % {"code": area[:21]}
        check.bad(row, "area", "区域编码", why, _("请填写系统中已有区域的编码，或先导入区域"))
    elif not can(check.actor, PEOPLE_MANAGE, area):
        why = _("这个区域不在您的管理范围内")
        check.bad(row, "area", "区域编码", why, _("请删去这一行，或请上级管理员导入"))
    elif above := rights_above(check.actor, check.grants.get(role, ()), area):
        check.bad(row, "role", "岗位", above.why, above.how)
    return area


def _read_phone(check: _Check, row: Row, name: str) -> str:
    if not row.get("phone"):
        return ""
    try:
        phone = phones.normalise(row.get("phone"))
    except BadInput as error:
        check.bad(row, "phone", "手机号", error.problems[0].why, error.problems[0].how)
        return ""
    other, line = check.names.setdefault(phone, (name, row.line))
    if other != name:
        why = _("与第 %(line)d 行手机号相同而姓名不同") % {"line": line}
        check.bad(row, "phone", "手机号", why, _("请核对姓名和号码"))
    return phone


def _read_date(check: _Check, row: Row, key: str, title: str) -> datetime.date | None:
    text = unicodedata.normalize("NFKC", row.get(key)).strip()
    if not text:
        return None
    try:
        found = _DATE.fullmatch(text)
        return datetime.date(*(int(part) for part in found.groups())) if found else _excel_day(text)
    except (ValueError, OverflowError):
        check.bad(row, key, title, _("不是日期"), _("请写成 2024-04-01 的样子"))
        return None


def _excel_day(text: str) -> datetime.date:
    # A date cell whose format was lost: days since the last day of 1899.
    number = int(text)
    if not 36526 <= number <= 73050:  # 2000 to 2099
        raise ValueError(text)
    return datetime.date(1899, 12, 30) + datetime.timedelta(days=number)


def _whose(item: _Wanted) -> Person | None:
    if item.phone:
        return Person.objects.filter(phone_lookup=lookup_hash(item.phone)).first()
    held = Post.objects.active(clock.today()).filter(role_id=item.role, area_code=item.area, person__name=item.name)
    post = held.select_related("person").first()
    return post.person if post else None


def _is_so(check: _Check, item: _Wanted) -> bool:
    person = _whose(item)
    if person is None:
        return False
    row = next(row for row in check.table.rows if row.line == item.line)
    if person.name != item.name:
        # Whose number it is stays unsaid: the list's author may not be entitled to know.
        check.bad(row, "phone", "手机号", _("这个手机号已登记在另一个姓名下"), _("请核对姓名和号码"))
    elif check.actor.kind == "person" and person.pk == check.actor.person_id:
        check.bad(row, "name", "姓名", _("不能改动自己的岗位"), _("请由上级或其他管理员办理"))
    held = Post.objects.filter(person=person, role_id=item.role, area_code=item.area)
    return (
        held.filter(since__lte=item.since).active(clock.today()).exists()
        or held.filter(since=item.since, until=item.until).exists()
    )


def _apply(actor: Actor, item: _Wanted) -> None:
    now = clock.now()
    found = _whose(item)
    if found is None:
        person = create_person(
            actor=actor,
            name=item.name,
            phone=item.phone,
            organisation=item.organisation,
            home_code=item.home,
            area_code=item.area,
            now=now,
        )
    else:
        person = Person.objects.select_for_update().get(pk=found.pk)
    create_post(
        actor=actor,
        person=person,
        role=item.role,
        area_code=item.area,
        since=item.since,
        until=item.until,
        now=now,
    )
