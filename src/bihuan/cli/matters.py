"""``bihuan matters check | tick | index``: is every matter what its entries say, and the jobs by hand."""

from __future__ import annotations

import json
import sys
from itertools import islice

import click

from bihuan.cli import cli

_MOST_LINES = 50


@cli.group()
def matters() -> None:
    """事项：核对与例行作业。Matters: consistency, and the recurring jobs by hand."""


@matters.command()
@click.argument("numbers", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def check(*, numbers: tuple[str, ...], as_json: bool) -> None:
    """由记录重算每件事项并与现状核对。Fold every matter's entries again and compare; exit 1 on a difference."""
    from bihuan.matters.replay import check_all

    progress = sys.stderr.isatty() and not as_json
    seen = 0

    def told(count: int) -> None:
        nonlocal seen
        seen = count
        if progress:
            click.echo(f"\r{count:,} …", nl=False, err=True)

    found = list(islice(check_all(told, numbers), 10_000))
    if progress:
        click.echo("\r", nl=False, err=True)
    if as_json:
        differences = [{"what": d.what, "where": d.where, "found": d.found, "expected": d.expected} for d in found]
        click.echo(json.dumps({"matters": seen, "differences": differences}, ensure_ascii=False))
    else:
        for difference in found[:_MOST_LINES]:
            click.echo(f"✗ {difference}")
        click.echo(
            f"✗ {seen:,} 件事项，{len(found):,} 处不符 · {len(found):,} differences in {seen:,} matters"
            if found
            else f"✓ {seen:,} 件事项与记录一致。{seen:,} matters are what their entries say."
        )
    if found:
        sys.exit(1)


@matters.command()
def tick() -> None:
    """让到时的时限说话（平时由后台作业做）。Let due clocks speak; the worker does this by itself."""
    from bihuan.matters.api import tick_due

    count = 0
    while done := tick_due():
        count += done
    click.echo(f"{count:,} 件 · matters")


@matters.command("index")
def index_command() -> None:
    """把新事项编入检索（平时由后台作业做）。Index new matters for search; the worker does this by itself."""
    from bihuan.matters.api import index_pending

    count = 0
    while done := index_pending(1000):
        count += done
        click.echo(f"\r{count:,} …", nl=False, err=True)
    click.echo(f"{count:,} 件 · matters")
