"""``bihuan figures``: the figures of an area and a period, and whether they are what the entries say."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any, NoReturn

import click

from bihuan.cli import cli

_MOST_LINES = 50


def _month(value: str | None, otherwise: int) -> int:
    if not value:
        return otherwise
    year, _dash, month = value.partition("-")
    if not (year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12):
        _fail(f"{value}：月份写成 2024-04 这样。Write a month as 2024-04.")
    return int(year) * 100 + int(month)


def _fail(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)


@cli.command("figures")
@click.option(
    "--area", "area_code", default="", help="区域代码 · the area's code; the first district where none is given"
)
@click.option("--since", help="从哪个月 · the first month, 2024-01; this month where none is given")
@click.option("--until", help="到哪个月 · the last month; the first one where none is given")
@click.option("--method", "method_key", default="", help="只看一个工作法 · one method's matters")
@click.option("--split", default="", help="分开看 · area, category, channel, outcome, urgency, method")
@click.option("--check", is_flag=True, help="由记录重算并核对 · recount from the entries; exit 1 on a difference")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def figures_command(
    *, area_code: str, since: str | None, until: str | None, method_key: str, split: str, check: bool, as_json: bool
) -> None:
    """指标：一个区域一段时间的数字；--check 由记录重算核对。Figures of an area and a period, exact at this moment."""
    if check:
        _check(area_code, as_json=as_json)
        return
    from bihuan.areas.models import Area
    from bihuan.kernel.api import BadInput, Refused
    from bihuan.people.api import SYSTEM
    from bihuan.reporting.api import current, figures

    area = Area.objects.filter(code=area_code) if area_code else Area.objects.filter(level="district").order_by("code")
    code = area.values_list("code", flat=True).first()
    if code is None:
        _fail("没有这个区域：用 --area 写区域代码。No such area: give its code with --area.")
    first = _month(since, current())
    last = _month(until, first)
    try:
        found = figures(SYSTEM, code, first, last, split=split, method_key=method_key)
    except (BadInput, Refused) as error:
        _fail("\n".join(f"✗ {problem.why}{problem.how}" for problem in error.problems))
    if as_json:
        rows = [_as_json(one) for one in found]
        click.echo(json.dumps({"area": code, "since": first, "until": last, "figures": rows}, ensure_ascii=False))
        return
    for one in found:
        title = f"    {one.split_title}" if one.split else one.title
        click.echo(f"{_said(one.value, one.unit):>10}  {_said(one.before, one.unit):>10}  {title}")


def _said(value: int | Fraction | None, unit: str) -> str:
    if value is None:
        return "—"
    if unit == "percent":
        return f"{float(value):.2%}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{float(value):,.4f}".rstrip("0") if unit == "number" else f"{float(value):,.1f}"


def _as_json(one: Any) -> dict[str, Any]:
    def number(value: int | Fraction | None) -> int | float | None:
        return value if value is None or isinstance(value, int) else float(value)

    row: dict[str, Any] = {
        "key": one.key, "title": one.title, "unit": one.unit, "value": number(one.value), "before": number(one.before),
    }  # fmt: skip
    if one.kind == "rate":
        row |= {"numerator": one.numerator, "denominator": one.denominator}
        row["excluded"] = {part.part.removeprefix("x."): part.n for part in one.excluded}
    if one.split:
        row |= {"split": one.split, "part": one.split_value, "part_title": one.split_title}
    return row


def _check(area_code: str, *, as_json: bool) -> None:
    from bihuan.reporting.api import check_figures

    progress = sys.stderr.isatty() and not as_json

    def told(count: int) -> None:
        if progress:
            click.echo(f"\r{count:,} …", nl=False, err=True)

    found = check_figures(area_code, told)
    if progress:
        click.echo("\r", nl=False, err=True)
    if as_json:
        differences = [
            {"measure": one.measure, "area": one.area_code, "month": one.month, "dim": one.dim, "value": one.value,
             "read": list(one.read), "recounted": list(one.recounted)}
            for one in found.differences
        ]  # fmt: skip
        told_ = {"matters": found.matters, "numbers": found.numbers, "differences": differences}
        click.echo(json.dumps(told_ | {"unfoldable": found.unfoldable}, ensure_ascii=False))
    else:
        for line in [*map(str, found.differences), *found.unfoldable][:_MOST_LINES]:
            click.echo(f"✗ {line}")
        wrong = len(found.differences) + len(found.unfoldable)
        click.echo(
            f"✗ {wrong:,} 处不符 · {wrong:,} differences"
            if wrong
            else f"✓ {found.matters:,} 件事项、{found.numbers:,} 个数字与记录一致。"
            f"{found.numbers:,} numbers are what the entries of {found.matters:,} matters say."
        )
    if not found.ok:
        sys.exit(1)
