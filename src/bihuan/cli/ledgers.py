"""``bihuan import ledger``: an old ledger brought in by the same use cases as the page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, new_id
from bihuan.people.api import Actor, actor_of
from bihuan.people.models import User
from bihuan.reporting.api import Brought, Looked, bring_in, check_ledger, choose_columns, give_up, look, start_run

_SHOWN = 200


def bring_in_file(
    file: Path, *, area: str, account: str, method: str, sheet: str, year: int | None, dry_run: bool, as_json: bool
) -> None:
    """Try a file, print every row that does not stand; bring it in where all do."""
    actor = _actor(account)
    try:
        run = start_run(actor=actor, id=new_id(), area=area, name=file.name, data=file.read_bytes())
        looked = look(actor, run.pk)
        if method or sheet or year:
            try:
                table = _table(looked, sheet)
                looked = choose_columns(actor=actor, run_id=run.pk, table=table, columns={}, method=method, year=year)
            except BadInput:
                give_up(actor=actor, run_id=run.pk)
                raise
        brought = check_ledger(actor, looked)
        if dry_run or brought.stops:
            give_up(actor=actor, run_id=run.pk)
        else:
            brought = bring_in(actor=actor, run_id=run.pk)
    except BadInput as error:
        raise click.ClickException("\n".join(f"{file.name}: {one.why}{one.how}" for one in error.problems)) from error
    except PermissionDenied as error:
        raise click.ClickException(f"{account}: {error}") from error
    applied = not dry_run and not brought.stops
    if as_json:
        click.echo(json.dumps(_as_json(looked, brought, applied=applied), ensure_ascii=False, indent=2))
    else:
        _print(looked, brought, applied=applied)
    if brought.stops:
        sys.exit(1)


def _table(looked: Looked, sheet: str) -> int:
    """Return which table of the file stands on a sheet; the likeliest one where none is named."""
    found = [one.index for one in looked.sources if not sheet or one.sheet.strip() == sheet.strip()]
    if not found:
        names = "、".join(dict.fromkeys(one.sheet for one in looked.sources))
        raise BadInput(Problem("sheet", _("文件里没有工作表“%s”。") % sheet, _("有表格的是：%s。") % names))
    return found[0]


def _actor(account: str) -> Actor:
    user = User.objects.select_related("person").filter(username=account).first()
    if user is None or user.person is None:
        raise click.ClickException(f"没有账号 {account}。There is no account {account}.")
    return actor_of(user.person)


def _as_json(looked: Looked, brought: Brought, *, applied: bool) -> dict[str, object]:
    return {
        "applied": applied,
        "method": looked.kind.key,
        "columns": {column.title: looked.fields.get(column.left, "") for column in looked.source.columns},
        "sheet": looked.source.sheet,
        "others": [{"sheet": one.sheet, "title": one.title, "rows": len(one.rows)} for one in looked.others],
        "year": looked.year,
        "rows": brought.rows,
        "added": brought.added,
        "already": brought.already,
        "numbers": list(brought.numbers),
        "problems": [
            {
                "line": one.line,
                "column": one.column,
                "why": one.why,
                "how": one.how,
                "value": one.value,
                "stops": one.stops,
            }
            for one in brought.problems
        ],
    }


def _print(looked: Looked, brought: Brought, *, applied: bool) -> None:
    titles = dict(looked.choices)
    click.echo(_("按“%(method)s”登记") % {"method": looked.kind.title})
    click.echo(_("工作表“%(sheet)s”，%(n)s 行") % {"sheet": looked.source.sheet, "n": len(looked.source.rows)})
    if looked.year:
        click.echo(_("没有写年份的日期算 %(year)s 年") % {"year": looked.year})
    for column in looked.source.columns:
        click.echo(f"  {column.title} → {titles.get(looked.fields.get(column.left, ''), '')}")
    for one in brought.problems[:_SHOWN]:
        sign = "✗" if one.stops else "·"
        value = f" “{one.value}”" if one.value else ""
        click.echo(f"{sign} {_('第 %(line)s 行') % {'line': one.line}} {one.column}{value} {one.why}{one.how}")
    done = _("已导入 %(added)s 件") if applied else _("可以导入 %(added)s 件，没有写入")
    click.echo(done % {"added": brought.added})
    if brought.already:
        click.echo(_("%(already)s 行以前导入过") % {"already": brought.already})
    for other in looked.others:
        told = {"sheet": other.sheet, "n": len(other.rows)}
        click.echo(_("! 文件里还有工作表“%(sheet)s”的表（%(n)s 行），没有导入：用 --sheet 指定它再来一次") % told)
