"""``bihuan account WHO``: a first password for somebody on the list, so that the first administrator can sign in."""

from __future__ import annotations

import json

import click
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bihuan.cli import cli
from bihuan.kernel.api import BadInput, Refused
from bihuan.people.api import SYSTEM, make_sign_in, person_by_phone
from bihuan.people.models import Person


@cli.command()
@click.argument("who")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def account(*, who: str, as_json: bool) -> None:
    """给名单上的人一个首次登录密码：写姓名或手机号。Give somebody on the list, by name or number, a first password."""
    person = _person(who)
    try:
        made = make_sign_in(actor=SYSTEM, person_id=person.pk)
    except (BadInput, Refused) as error:
        raise click.ClickException("\n".join(str(problem) for problem in error.problems)) from error
    except PermissionDenied as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"username": made.username, "password": made.password, "made": made.made}))
        return
    click.echo(_("登录名 %(name)s，首次密码 %(word)s") % {"name": made.username, "word": made.password})
    click.echo(_("只显示这一次；登录后须改成自己的密码。"), err=True)


def _person(who: str) -> Person:
    """Return the one person meant.

    Raises:
        click.ClickException: nobody, or several of that name.
    """
    found = person_by_phone(who)
    if found is not None:
        return found
    named = list(Person.objects.filter(name=" ".join(who.split()), erased_at__isnull=True)[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise click.ClickException(_("有几个人叫“%(who)s”，请写手机号。") % {"who": who})
    raise click.ClickException(_("名单上没有“%(who)s”。请先用 bihuan import people 导入。") % {"who": who})
