"""``bihuan matters check``: says that all is well, or what is not, and tells by its exit status."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner

from bihuan.cli import matters as command
from bihuan.matters.models import Matter


def test_a_sound_database_passes_the_check(town: Any) -> None:
    town.to_acting(town.report().matter_id)
    done = CliRunner().invoke(command.check, ["--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"matters": 1, "differences": []}


def test_a_row_that_was_changed_by_hand_is_named(town: Any) -> None:
    done = town.report()
    Matter.objects.update(outcome="solved")
    result = CliRunner().invoke(command.check, [done.number])
    assert result.exit_code == 1
    assert f"row {done.number}.outcome" in result.output
