"""``bihuan figures``: prints what the pages show, and ``--check`` tells by its exit status."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from bihuan.cli import figures as command
from bihuan.reporting.api import fold_pending
from bihuan.reporting.models import Tally
from tests.matters.conftest import COMMUNITY, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    made = make_town()
    made.to_settled(made.report(people_affected=3).matter_id)
    made.report()
    fold_pending()
    return made


def run(*words: str) -> Any:
    return CliRunner().invoke(command.figures_command, words)


def test_it_prints_the_figures_of_an_area_and_a_month(town: Town) -> None:
    told = run("--area", COMMUNITY, "--since", "2024-04")
    assert told.exit_code == 0
    assert "100.00%           —  按期办结率" in told.stdout or "50.00%" in told.stdout
    data = json.loads(run("--since", "2024-04", "--json", "--split", "category").stdout)
    rows = {(row["key"], row.get("part")): row for row in data["figures"]}
    assert data["area"] == "410802"
    assert rows["collected", None]["value"] == 2
    assert rows["collected", "facility"]["value"] == 1
    assert rows["in_time_rate", None]["denominator"] == 1


@pytest.mark.parametrize(
    "words",
    [("--area", "999999"), ("--since", "2024"), ("--split", "person"), ("--method", "none"), ("--since", "1-1")],
)
def test_what_it_cannot_read_it_says_and_fails(town: Town, words: tuple[str, ...]) -> None:
    told = run(*words)
    assert told.exit_code == 1
    assert told.output.strip()


def test_a_check_of_a_sound_database_passes_and_of_a_bent_one_names_the_number(town: Town) -> None:
    sound = run("--check", "--json")
    assert sound.exit_code == 0
    assert json.loads(sound.stdout)["matters"] == 2
    Tally.objects.filter(measure="settled", area_code=COMMUNITY, dim="").update(n=2)
    bent = run("--check", "--area", COMMUNITY)
    assert bent.exit_code == 1
    assert f"settled {COMMUNITY} 202404: (2, 1) ≠ (1, 1)" in bent.output
    assert json.loads(run("--check", "--json").stdout)["differences"][0]["read"] == [2, 1]
