"""``bihuan bulletin KEY``: a template filled for an area and a period, as a document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

import click

from bihuan.cli import cli

if TYPE_CHECKING:
    from bihuan.reporting.models import Bulletin


def _fail(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)


@cli.command("bulletin")
@click.argument("key", default="")
@click.option(
    "--area", "area_code", default="", help="区域代码 · the area's code; the first district where none is given"
)
@click.option("--period", default="", help="期间 · 2024-03, 2024-Q1, 2024, 2024-01..2024-04")
@click.option("--meeting", default="", help="会议编号 · a meeting's id, for minutes and results")
@click.option("--method", default="", help="只数这个工作法的事项，all 为全部 · only this method's matters; all")
@click.option("--category", default="", help="只数这一类的事项 · only matters of this kind")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="写到 .docx 或 .pdf · where to")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def bulletin_command(
    *, key: str, area_code: str, period: str, meeting: str, method: str, category: str, out: Path | None, as_json: bool
) -> None:
    """简报：按模板填好数字，写成公文；不写 KEY 就列出模板。A filled template as a document; without KEY lists them."""
    from bihuan.areas.models import Area
    from bihuan.kernel.api import BadInput, NotFound, Refused
    from bihuan.reporting.bulletins import api

    if out is not None and out.suffix.lower() not in {".docx", ".pdf"}:
        _fail(f"{out}：只能写 .docx 或 .pdf。Only .docx and .pdf are written.")
    area = Area.objects.filter(code=area_code) if area_code else Area.objects.filter(level="district").order_by("code")
    code = area.values_list("code", flat=True).first()
    if code is None:
        _fail("没有这个区域：用 --area 写区域代码。No such area: give its code with --area.")
    if not key:
        _list(code, as_json=as_json)
        return
    try:
        row = _filled(key, code, period, meeting, (method, category))
        if out is not None:
            out.write_bytes(api.as_docx(row) if out.suffix.lower() == ".docx" else api.as_pdf(row))
    except (BadInput, Refused, NotFound) as error:
        _fail("\n".join(f"✗ {problem.why}{problem.how}" for problem in error.problems))
    except OSError as error:
        _fail(f"✗ {out}：{error.strerror}")
    _tell(row, out, as_json=as_json)


def _list(code: str, *, as_json: bool) -> None:
    from bihuan.reporting.bulletins import api

    found = api.templates_in(code)
    if as_json:
        rows = [{"key": one.key, "title": one.spec.title.zh, "kind": one.spec.kind} for one in found]
        click.echo(json.dumps({"templates": rows}, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.key:<24} {one.spec.title.zh} · {one.spec.title.say('en')}")


def _filled(key: str, code: str, period: str, meeting: str, narrow: tuple[str, str]) -> Bulletin:
    from bihuan.kernel.api import BadInput, Problem, new_id
    from bihuan.people.api import Actor, PostRef
    from bihuan.reporting.bulletins import api

    since, until = api.periods.read(period) if period else (None, None)
    try:
        meeting_id = UUID(meeting) if meeting else None
    except ValueError as error:
        raise BadInput(Problem("meeting", f"{meeting} 不是会议编号。", "")) from error
    return api.preview(
        actor=Actor(kind="system", posts=(PostRef("district_staff", code),)),  # who has the machine has its data
        entry_id=new_id(),
        area_code=code,
        template=key,
        since=since,
        until=until,
        meeting_id=meeting_id,
        method=narrow[0],
        category=narrow[1],
    )


def _tell(row: Bulletin, out: Path | None, *, as_json: bool) -> None:
    from bihuan.reporting.bulletins.guards import text
    from bihuan.reporting.bulletins.wording import BLANK, plain

    words = plain(text(row))
    blanks = BLANK.findall(f"{row.to}\n{words}")
    if as_json:
        said = {"title": row.title, "text": words, "figures": row.figures_json, "blanks": blanks}
        click.echo(json.dumps({**said, "out": str(out) if out else None}, ensure_ascii=False))
        return
    if out is None:
        click.echo(f"{row.title}\n\n{words}")
    else:
        click.echo(f"✓ {out}")
    for blank in blanks:
        click.echo(f"– {blank}", err=True)
