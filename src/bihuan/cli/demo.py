"""``bihuan demo``: the sample district, made anew by the actions people use, then served."""

from __future__ import annotations

import json
import os
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.cli import cli

if TYPE_CHECKING:
    from bihuan.demo.figures import Pair
    from bihuan.demo.load import Loaded


@cli.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 · port")
@click.option("--no-serve", is_flag=True, help="打印数字后结束 · stop after the figures")
@click.option("--json", "as_json", is_flag=True, help="数字用 JSON 打印 · figures as JSON")
def demo(*, port: int, no_serve: bool, as_json: bool) -> None:
    """建好样例区、重放 2024 年第一季度并启动。Load the sample, replay its quarter, serve.

    The exit status is 1 where a derived figure differs from the source's.
    """
    from bihuan.cli.serve import check_port, serve_site

    host = "127.0.0.1"
    if not no_serve:
        check_port(host, port)
    os.environ.setdefault("BIHUAN_PUBLIC_URL", f"http://{host}:{port}")
    settings.PUBLIC_URL = os.environ["BIHUAN_PUBLIC_URL"].rstrip("/")  # read already: codes at doors name this port
    loaded, pairs = _make(static=not no_serve)
    if as_json:
        click.echo(json.dumps({"figures": [pair.as_json() for pair in pairs]}, ensure_ascii=False, indent=2))
    else:
        _print_figures(pairs)
    if not all(pair.agrees for pair in pairs):
        click.echo(_("有数字与来源不一致（见上）。"), err=True)
        sys.exit(1)
    if not as_json or not no_serve:
        _print_ways_in(loaded, os.environ["BIHUAN_PUBLIC_URL"], served=not no_serve)
    if not no_serve:
        serve_site(host=host, port=port, worker=True)


def _make(*, static: bool) -> tuple[Loaded, list[Pair]]:
    from django.core.management import call_command

    from bihuan.demo import database, figures
    from bihuan.demo.load import load
    from bihuan.kernel.api import BadInput, Refused

    try:
        with _told(_("清空样例数据库")):
            database.make_room()
        with _told(_("建表")):
            call_command("migrate", verbosity=0, interactive=False)
            database.mark()
        loaded = load(told=_told)
        with _told(_("从记录中统计")):
            pairs = figures.derive()
    except (BadInput, Refused) as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        raise click.ClickException(_("样例没有建成：") + "\n" + lines) from error
    if static:
        with _told(_("整理网页资源")):
            call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["*.map"])
    return loaded, pairs


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say on stderr what is being done and how long it took."""
    click.echo(f"· {what} … ", nl=False, err=True)
    begun = time.monotonic()
    yield
    click.echo(f"{time.monotonic() - begun:.1f} s", err=True)


def _wide(text: str, columns: int) -> str:
    """Fill ``text`` up to ``columns`` of a terminal, where a Chinese character takes two."""
    width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(columns - width, 0)


def _print_figures(pairs: list[Pair]) -> None:
    click.echo("")
    click.echo(f"  {_wide(_('指标'), 40)}{_wide(_('来源'), 8)}{_('由记录推得')}")
    for pair in pairs:
        mark = "✓" if pair.agrees else "✗"
        click.echo(f"  {_wide(_(pair.title), 40)}{pair.source!s:<8}{pair.derived} {mark}")


def _print_ways_in(loaded: Loaded, base: str, *, served: bool) -> None:
    click.echo("")
    click.echo("  " + _("登录（密码是这次新生成的，只在这里显示一次）"))
    for account in loaded.accounts:
        who = f"{account.office} {account.name}"
        click.echo(f"  {_wide(who, 26)}{account.username:<14}{account.password}")
    click.echo("")
    click.echo(f"  {_('登录以后：')}")
    for words, path in loaded.inside:
        click.echo(f"  {_wide(words, 52)}{base}{path}")
    click.echo("")
    click.echo(f"  {_('不用登录：')}")
    click.echo(f"  {_wide(_('扫 12 号楼楼门码进来的页面'), 30)}{base}{loaded.door_path}")
    click.echo(f"  {_wide(_('反映人自己的跟踪链接'), 30)}{base}{loaded.follow_path}")
    click.echo(f"  {_wide(_('社区的活动，不用账号就能报名'), 30)}{base}{loaded.activities_path}")
    if served:
        click.echo("")
        click.echo("  " + _("打开 %(address)s ，Ctrl-C 停止。下次接着用：bihuan serve") % {"address": base})
        click.echo("")
