"""``bihuan fill``: a superior's blank form comes back filled."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from bihuan.cli import cli


def _fail(*problems: Any) -> NoReturn:
    for problem in problems:
        text = problem if isinstance(problem, str) else f"✗ {problem.field}：{problem.why}{problem.how}"
        click.echo(text, err=True)
    sys.exit(1)


def _month(value: str) -> tuple[int, int]:
    """Read 2024-04, or 2024-01..2024-04, as months."""
    from bihuan.reporting.api import current

    if not value:
        return current(), current()
    found = []
    for part in value.split(".."):
        year, _dash, month = part.strip().partition("-")
        if not (year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12):
            _fail(f"✗ --period {value}：写成 2024-04 或 2024-01..2024-04。Write 2024-04 or 2024-01..2024-04.")
        found.append(int(year) * 100 + int(month))
    return found[0], found[-1]


def _actor(name: str) -> Any:
    from bihuan.people.api import SYSTEM, actor_of
    from bihuan.people.models import Person

    if not name:
        return SYSTEM
    found = list(Person.objects.filter(user__username=name) | Person.objects.filter(name=name, erased_at__isnull=True))
    if len(found) != 1:
        _fail(
            f"✗ --as {name}：没有这个人，或者不止一个；请写登录名。"
            "There is no such person, or more than one: give the sign-in name."
        )
    return actor_of(found[0])


def _answers(path: str) -> dict[str, str]:
    import yaml

    if not path:
        return {}
    try:
        said = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        _fail(f"✗ --answers {path}：{error}")
    if not isinstance(said, dict):
        _fail(f"✗ --answers {path}：应是“标题: 含义”的列表。Write it as “heading: meaning”.")
    return {str(key): str(meaning) for key, meaning in said.items()}


def _area(code: str, actor: Any) -> str:
    from bihuan.areas.models import Area
    from bihuan.people.api import FORM_FILL

    roots = actor.areas_with(FORM_FILL)
    if not code and roots:
        return str(roots[0])
    rows = Area.objects.filter(code=code) if code else Area.objects.filter(level="district").order_by("code")
    found = rows.values_list("code", flat=True).first()
    if found is None:
        _fail(f"✗ --area {code}：没有这个区域。No such area.")
    return found


@cli.command("fill")
@click.argument("template", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="写到哪里 · where to write it")
@click.option("--area", "area_code", default="", help="哪个区域 · the area's code")
@click.option("--period", default="", help="时段：2024-04 或 2024-01..2024-04 · months; this one where none is given")
@click.option("--as", "person", default="", help="谁在填（登录名）· who fills it in; sees what they may see")
@click.option("--answers", default="", help="YAML 文件：标题: 含义 · what headings mean")
@click.option(
    "--matter",
    "matters",
    multiple=True,
    help="一件事一张的表：填哪一件（编号，可以写多次）· of a card: the matter's number; may be given several times",
)
@click.option(
    "--reason",
    default="",
    help="一件事一张的表：为什么要填真实姓名、电话（每次都留痕）· of a card: why names are wanted in the clear",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def fill_command(  # noqa: PLR0913 - each is an option
    *,
    template: str,
    output: str,
    area_code: str,
    period: str,
    person: str,
    answers: str,
    matters: tuple[str, ...],
    reason: str,
    as_json: bool,
) -> None:
    """把上级发来的空白 Excel 表原样填好。Fill a superior's blank form; all else in the file stays as it is."""
    from django.core.exceptions import PermissionDenied

    from bihuan.kernel.api import BadInput, NotFound, Refused
    from bihuan.reporting.api import fill_form

    actor = _actor(person)
    if reason and not (person and matters):
        _fail(
            "✗ --reason：要同时写 --as 和 --matter：谁、为哪一件事看。Give --as and --matter, too: who reads, of which."
        )
    since, until = _month(period)
    try:
        filled = fill_form(
            actor=actor,
            area_code=_area(area_code, actor),
            name=Path(template).name,
            data=Path(template).read_bytes(),
            since=since,
            until=until,
            answers=_answers(answers),
            numbers=matters,
            reason=reason,
        )
        written = _write(filled, output)
    except (BadInput, NotFound, Refused) as error:
        _fail(*error.problems)
    except PermissionDenied as error:
        _fail(f"✗ {error}")
    except OSError as error:
        _fail(f"✗ {error}")
    _tell(filled, written, as_json=as_json)


def _write(filled: Any, output: str) -> list[str]:
    """Write the form; of several matters a zip where the name says so, else a file for each beside each other."""
    out = Path(output)
    if not filled.copies or out.suffix.lower() == ".zip":
        out.write_bytes(filled.data)
        return [output]
    found = []
    for name, data in filled.copies:
        path = out.with_name(f"{out.stem}-{name}")
        path.write_bytes(data)
        found.append(str(path))
    return found


def _tell(filled: Any, written: list[str], *, as_json: bool) -> None:
    done, left = filled.plan.done, filled.plan.left
    cells = sum(len(cells) for cells in filled.plan.values.values())
    if as_json:
        said = {
            "output": written[0],
            "outputs": written,
            "cells": cells,
            "filled": [
                {"sheet": one.sheet, "cell": one.ref, "heading": one.heading, "meaning": one.meaning,
                 "value": one.value, "count": one.count}
                for one in done
            ],
            "left": [
                {"sheet": one.sheet, "cell": one.ref, "heading": one.heading, "why": one.why.zh, "why_en": one.why.en,
                 "key": one.asked}
                for one in left
            ],
            "narrow": [{"sheet": sheet, "cell": cell} for sheet, cell in filled.plan.narrow],
        }  # fmt: skip
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for more in written[:-1]:
        click.echo(f"✓ {more}")
    click.echo(f"✓ {written[-1]}：填了 {cells} 格，留空 {len(left)} 处。{cells} cells filled, {len(left)} left.")
    for one in done:
        click.echo(f"  ✓ {one.sheet}!{one.ref}  {' '.join(one.heading.split())}  ←  {one.value}" + _times(one.count))
    for one in left:
        click.echo(f"  ○ {one.sheet}!{one.ref}  {' '.join(one.heading.split())}  {one.why.zh}{one.why.en}")
    for sheet, cell in filled.plan.narrow:
        click.echo(f"  △ {sheet}!{cell}  列太窄，会显示 ###，请拉宽。The column is too narrow: widen it.")


def _times(count: int) -> str:
    return f" … ×{count}" if count > 1 else ""
