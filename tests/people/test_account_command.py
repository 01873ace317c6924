"""``bihuan account``: how the first administrator gets in."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.cli import account, cli  # noqa: F401 - registers the command
from bihuan.kernel.models import Entry
from bihuan.people.api import SYSTEM, record_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people() -> None:
    load_sample()
    for name, phone in (("韩某", "13800138000"), ("钱某", "13800138001"), ("钱某", "13800138002")):
        record_person(actor=SYSTEM, name=name, role="administrator", area_code=COMMUNITY[:6], phone=phone)


def test_somebody_on_the_list_gets_a_first_password_that_must_be_changed() -> None:
    before = Entry.objects.count()
    made = json.loads(CliRunner().invoke(cli, ["account", "138 0013 8000", "--json"]).output)
    assert Entry.objects.count() == before + 1
    client = Client()
    answer = client.post("/account/login/", {"login": made["username"], "password": made["password"]})
    assert answer.status_code == 302
    assert client.get("/desk/")["Location"].startswith("/account/password/change/")


def test_a_name_will_do_where_only_one_has_it() -> None:
    assert "韩某" in CliRunner().invoke(cli, ["account", "韩某"]).output
    assert "请写手机号" in CliRunner().invoke(cli, ["account", "钱某"]).output
    unknown = CliRunner().invoke(cli, ["account", "孙某"])
    assert (unknown.exit_code, "名单上没有" in unknown.output) == (1, True)
