"""``bihuan method``: check, play, show, compare, install and migrate work methods."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

import click
import orjson

from bihuan.cli import cli


@cli.group("method")
def method_group() -> None:
    """工作法：检查、演练、画图、比较、安装、迁移。 Work methods."""


def _json(data: Any) -> None:
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str).decode())


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        _fail(f"{file}: 文件不是 UTF-8 编码。另存为 UTF-8 再试。 Not UTF-8: save it as UTF-8.")


def _load(file: Path, language: str) -> Any:
    from bihuan.methods.api import load

    loaded = load(_read(file), path=str(file))
    if loaded.method is None:
        _fail(*(f"{file}: {problem.text(language)}" for problem in loaded.problems))
    return loaded.method


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ENGLISH = click.option("--en", "language", flag_value="en", default="zh", help="in English")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="for machines")


@method_group.command("lint")
@click.argument("files", nargs=-1, required=True, type=FILE)
@ENGLISH
@AS_JSON
@click.option("--strict", is_flag=True, help="warnings fail too")
def lint(files: tuple[Path, ...], language: str, as_json: bool, strict: bool) -> None:  # noqa: FBT001
    """列出文件里的全部问题。 List every problem of each file; exit status 1 if there is an error."""
    from bihuan.methods.api import load

    failed, out = False, []
    for file in files:
        loaded = load(_read(file), path=str(file))
        failed |= not loaded.ok or (strict and bool(loaded.problems))
        out.append({"file": str(file), "ok": loaded.ok, "problems": [p.as_json() for p in loaded.problems]})
        if not as_json:
            for problem in loaded.problems:
                click.echo(f"{file}: {problem.text(language or 'zh')}")
            if not loaded.problems:
                click.echo(f"{file}: {'no problems' if language == 'en' else '没有问题'}")
    if as_json:
        _json(out)
    sys.exit(1 if failed else 0)


@method_group.command("simulate")
@click.argument("file", type=FILE)
@click.argument("scenario", type=FILE)
@ENGLISH
@AS_JSON
def simulate(file: Path, scenario: Path, language: str, as_json: bool) -> None:  # noqa: FBT001
    """按场景演练一遍。 Play a scenario, without a database; exit status 1 if an expectation fails."""
    from bihuan.methods.api import simulate as play

    result = play(_load(file, language), _read(scenario))
    if as_json:
        _json(result.as_json())
    else:
        click.echo(result.title)
        for line in result.lines:
            mark = f"  ✗ {'、'.join(line.refused)}" if line.refused else ""
            what = f"{line.who or '—'} {line.title}" if line.action != "tick" else "  ⏱"
            stands = f" → {line.step}" if line.step else ""
            click.echo(f"{line.at:%Y-%m-%d %H:%M}  {what}{stands}{mark}  {'；'.join(line.effects)}")
        for wait in result.waiting:
            click.echo(f"待办 {wait}")
        for problem in result.problems:
            click.echo(f"{scenario}: {problem.text(language or 'zh')}", err=True)
        click.echo("通过" if result.ok else "未通过")
    sys.exit(0 if result.ok else 1)


@method_group.command("show")
@click.argument("file", type=FILE)
@ENGLISH
@AS_JSON
def show(file: Path, language: str, as_json: bool) -> None:  # noqa: FBT001
    """画出来（Mermaid）。 Draw it: steps, roles, clocks; rounds and the like below; with --json their tables last."""
    from bihuan.methods.api import mermaid, stations, tables

    method = _load(file, language)
    if as_json:
        drawn = [table.as_json() for table in tables(method, language)]
        _json([*(station.as_json(method, language) for station in stations(method)), *drawn])
    else:
        click.echo(mermaid(method, language), nl=False)


@method_group.command("diff")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@ENGLISH
@AS_JSON
def diff(old: Path, new: Path, language: str, as_json: bool) -> None:  # noqa: FBT001
    """比较两个版本。 Say what changed between two files; exit status 0 whether or not they differ."""
    from bihuan.methods.api import diff as compare

    changes = compare(_load(old, language), _load(new, language))
    if as_json:
        _json([{"path": c.path, "kind": c.kind, "old": c.old, "new": c.new} for c in changes])
    else:
        for change in changes:
            click.echo(change.text(language))
        if not changes:
            click.echo("no differences" if language == "en" else "没有不同")


@method_group.command("install")
@click.argument("file", type=FILE)
@click.option("--area", required=True, help="area code whose matters shall follow it")
@click.option("--reports", is_flag=True, help="residents' reports follow this method")
def install(file: Path, area: str, reports: bool) -> None:  # noqa: FBT001
    """在一个区域安装并启用。 Publish a file in an area and put it in use there."""
    from bihuan.kernel.api import BadInput
    from bihuan.methods.api import install as publish
    from bihuan.people.api import SYSTEM

    try:
        row = publish(actor=SYSTEM, source=_read(file), area_code=area, default_for_reports=reports)
    except BadInput as error:
        _fail(*(f"{file}:{problem}" for problem in error.problems))
    click.echo(f"{row.key}@{row.number} → {area}")


@method_group.command("migrate")
@click.argument("key")
@click.option("--from", "old", type=int, required=True, help="version number that matters follow now")
@click.option("--to", "new", type=int, required=True, help="version number they shall follow")
@click.option("--area", default="", help="area whose versions are meant, when several areas have the method")
@click.option("--apply", "do_it", is_flag=True, help="do it; without it: a dry run")
@ENGLISH
@AS_JSON
def migrate(key: str, old: int, new: int, area: str, do_it: bool, language: str, as_json: bool) -> None:  # noqa: FBT001, PLR0913
    """把在办事项转到另一版本（先试算）。 Move running matters to another version; a dry run unless --apply."""
    from bihuan.kernel.api import BadInput
    from bihuan.matters.api import migrate_matters
    from bihuan.methods.api import diff as compare
    from bihuan.methods.api import get_method
    from bihuan.people.api import SYSTEM

    one, two = _version(key, old, area), _version(key, new, area)
    try:
        done = migrate_matters(actor=SYSTEM, from_version=one.pk, to_version=two.pk, dry_run=not do_it)
    except BadInput as error:
        _fail(*(str(problem) for problem in error.problems))
    changes = [change.text(language) for change in compare(get_method(one.pk), get_method(two.pk))]
    if as_json:
        lines = [{"number": m.display_number, "step": m.step, "why": m.reason} for m in (*done.moved, *done.kept)]
        _json(
            {"applied": do_it, "moved": len(done.moved), "kept": len(done.kept), "changes": changes, "matters": lines}
        )
        return
    for change in changes:
        click.echo(change)
    for matter in done.kept:
        click.echo(f"= {matter.display_number} {matter.step}: {matter.reason}")
    click.echo(f"{'已转' if do_it else '可转'} {len(done.moved)}，留下 {len(done.kept)}")


def _version(key: str, number: int, area: str) -> Any:
    from bihuan.methods.models import MethodVersion

    rows = MethodVersion.objects.filter(key=key, number=number)
    found = list(rows.filter(area_code=area) if area else rows)
    if len(found) != 1:
        where = "、".join(row.area_code for row in found)
        _fail(f"{key}@{number}: 找到 {len(found)} 个版本 {where}，请用 --area 指明。 Say which with --area.")
    return found[0]


@method_group.command("schema")
def schema() -> None:
    """输出 JSON Schema。 Print the JSON Schema of method files."""
    from bihuan.methods.schema.published import json_schema_text

    click.echo(json_schema_text(), nl=False)


@method_group.command("reference")
def reference() -> None:
    """输出参考手册。 Print the reference of method files (docs/method-file.md)."""
    from bihuan.methods.schema.reference import reference_text

    click.echo(reference_text(), nl=False)
