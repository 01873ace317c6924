"""The English of what people read of matters."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from bihuan.kernel.api import Refused
from bihuan.matters import api as matters


def test_the_timeline_and_the_errors_are_read_in_english(town: Any) -> None:
    done = town.report(title="路灯不亮", channel="phone")
    town.triage(done.matter_id, category="safety")
    with translation.override("en"):
        lines = matters.matter_page(town.secretary, done.matter_id).timeline
        assert lines[1].sentence.startswith("Grid worker 王网格员: Sort into the ledger, from “Ask: to be sorted”")
        assert matters.public_page(done.number).public_words == "On the grid meeting's agenda"
        with pytest.raises(Refused) as caught:
            town.do("worker", done.matter_id, "to_joint")
    assert not any("一" <= char <= "鿿" for problem in caught.value.problems for char in problem.why + problem.how)
