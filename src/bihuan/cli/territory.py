"""``bihuan import areas|people|places|ledger FILE``: lists that places keep, row by row, whole or not at all."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import click
from django.utils.translation import gettext as _

from bihuan.areas.api import ImportReport, import_areas
from bihuan.cli import cli
from bihuan.fieldwork.api import PlaceImport, import_places
from bihuan.kernel.api import BadInput
from bihuan.people.api import SYSTEM, Actor, import_people

_SHOWN = 200
Report = ImportReport | PlaceImport


class _Import(Protocol):
    def __call__(self, *, actor: Actor, data: bytes, filename: str, dry_run: bool) -> Report: ...


@cli.group("import")
def import_group() -> None:
    """导入区域、人员、巡访地点（Excel 或 CSV）。Import areas, people or places from Excel or CSV."""


@import_group.command("areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入 · only check")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 打印结果 · report as JSON")
def import_areas_command(*, file: Path, dry_run: bool, as_json: bool) -> None:
    """导入区域：编码、名称、级别、经纬度、坐标系、图形。Import areas; a wrong row stops the whole file."""
    _run(import_areas, file, dry_run=dry_run, as_json=as_json)


@import_group.command("people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入 · only check")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 打印结果 · report as JSON")
def import_people_command(*, file: Path, dry_run: bool, as_json: bool) -> None:
    """导入人员和岗位：姓名、岗位、区域编码、手机。Import people with their posts."""
    _run(import_people, file, dry_run=dry_run, as_json=as_json)


@import_group.command("places")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入 · only check")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 打印结果 · report as JSON")
def import_places_command(*, file: Path, dry_run: bool, as_json: bool) -> None:
    """导入巡访地点：区域、种类、名称、顺序、经纬度。Import the places that rounds go to."""
    _run(_import_places, file, dry_run=dry_run, as_json=as_json)


@import_group.command("ledger")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", required=True, help="导入到哪个区域（编码） · the area's code")
@click.option("--as", "account", required=True, help="以谁的账号导入 · the account that answers for it")
@click.option(
    "--method", default="", help="每一行是哪个工作法的事项；不写就看表头 · the method's key; by the headings if none"
)
@click.option("--sheet", default="", help="哪一个工作表；不写就选最像台账的 · which sheet; the likeliest if none")
@click.option(
    "--year", type=click.IntRange(1949, 2100), help="没有写年份的日期算哪一年 · the year of dates without one"
)
@click.option("--dry-run", is_flag=True, help="只检查，不写入 · only check")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 打印结果 · report as JSON")
def import_ledger_command(
    *, file: Path, area: str, account: str, method: str, sheet: str, year: int | None, dry_run: bool, as_json: bool
) -> None:
    """导入旧台账：表头自己认，有一行不对就一行也不写入。Bring an old ledger in; its columns are guessed."""
    from bihuan.cli.ledgers import bring_in_file

    bring_in_file(
        file, area=area, account=account, method=method, sheet=sheet, year=year, dry_run=dry_run, as_json=as_json
    )


def _import_places(*, actor: Actor, data: bytes, filename: str, dry_run: bool) -> PlaceImport:
    return import_places(actor=actor, file=io.BytesIO(data), name=filename, dry_run=dry_run)


def _run(act: _Import, file: Path, *, dry_run: bool, as_json: bool) -> None:
    try:
        report = act(actor=SYSTEM, data=file.read_bytes(), filename=file.name, dry_run=dry_run)
    except BadInput as error:
        if as_json:
            click.echo(json.dumps({"problems": [problem.as_dict() for problem in error.problems]}, ensure_ascii=False))
            sys.exit(1)
        raise click.ClickException("\n".join(f"{file.name}: {problem}" for problem in error.problems)) from error
    if as_json:
        applied = not report.dry_run and not report.problems
        click.echo(json.dumps({**asdict(report), "applied": applied}, ensure_ascii=False, indent=2))
    else:
        _print(report, file.name)
    if report.problems:
        sys.exit(1)


def _print(report: Report, name: str) -> None:
    for problem in report.problems[:_SHOWN]:
        value = f"（{problem.value}）" if problem.value else ""
        where = _("第 %(line)d 行 %(column)s") % {"line": problem.line, "column": problem.column}
        click.echo(f"{name}: {where}{value}: {problem.why} — {problem.how}", err=True)
    if len(report.problems) > _SHOWN:
        click.echo(_("……另有 %(count)d 处") % {"count": len(report.problems) - _SHOWN}, err=True)
    counts = {
        "rows": report.rows,
        "new": _many(report.created),
        "changed": _many(report.changed),
        "same": report.unchanged,
        "bad": len(report.problems),
    }
    click.echo(_("%(rows)d 行：新增 %(new)d，修改 %(changed)d，不变 %(same)d，有误 %(bad)d") % counts)
    if report.problems:
        click.echo(_("没有写入任何内容：请改正后重新导入。"), err=True)
    elif report.dry_run:
        click.echo(_("只是检查，没有写入。去掉 --dry-run 即导入。"))


def _many(what: int | tuple[str, ...]) -> int:
    """Return how many: some imports name what they made, others count it."""
    return what if isinstance(what, int) else len(what)
