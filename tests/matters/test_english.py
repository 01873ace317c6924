"""The English of what people read of matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from bihuan.kernel.api import Refused, clock, notice_text
from bihuan.kernel.models import Notification
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


def test_notices_are_kept_in_both_languages_and_read_in_the_readers(town: Any) -> None:
    done = town.report(title="路灯不亮", channel="phone")
    town.triage(done.matter_id, category="safety", level="spot")
    with clock.at(town.now + timedelta(days=9)):
        matters.tick_due()
    card = Notification.objects.filter(kind="matter.card").order_by("created_at").first()
    assert card is not None
    assert "牌：当场处理时限" in notice_text(card.kind, card.params, "zh")
    english = notice_text(card.kind, card.params, "en")
    assert "card, On the spot" in english
    assert not any("一" <= char <= "鿿" for char in english.replace("路灯不亮", "").replace("电建", ""))
