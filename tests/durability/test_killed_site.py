"""``kill -9`` of the serving site under load: nothing that was acknowledged is lost, nothing sent again is doubled."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from bihuan.kernel.api import new_id
from tests.durability.serving import Town, counted, town, verified

__all__ = ["town"]

pytestmark = pytest.mark.slow

REPORTERS, ACTORS = 5, 2
ENOUGH_REPORTS, ENOUGH_ACTS = 120, 40
TRIAGE = {"category": "facility", "urgency": "normal", "level": "grid"}


@dataclass
class Sent:
    """What the clients sent and what they were told: ids to bodies, and the answers that came back."""

    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    acts: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def _report(town: Town, sent: Sent, seed: int) -> None:
    """Report as fast as answers come, until told to stop or the site is gone."""
    chance = random.Random(seed)  # noqa: S311
    with town.client() as client:
        while not sent.stop.is_set():
            key = str(new_id())
            body = {
                "id": key,
                "area_code": f"410802004004{chance.randint(1, 48):03d}",
                "text": f"楼道灯不亮 {key[-6:]}",
                "phone": "14000010012",
            }
            sent.reports[key] = body
            try:
                answer = client.post("/api/v1/reports", json=body)
            except httpx.HTTPError:
                return
            if answer.status_code in {200, 201}:
                sent.told[key] = answer.json()
            else:
                sent.refused.append(answer.text)


def _act(town: Town, sent: Sent, turn: int) -> None:
    """Sort what was reported, each matter by one of the callers."""
    with httpx.Client(base_url=town.url, timeout=20, **town.signed()) as client:
        seen = 0
        while not sent.stop.is_set():
            known = list(sent.told)
            if seen >= len(known):
                time.sleep(0.01)
                continue
            matter, seen = known[seen], seen + 1
            if seen % ACTORS != turn:
                continue
            key = str(new_id())
            body = {"entry_id": key, "action": "triage", "data": TRIAGE}
            sent.acts[key] = (matter, body)
            try:
                answer = client.post(f"/api/v1/matters/{matter}/advance", json=body)
            except httpx.HTTPError:
                return
            if answer.status_code == 200:
                sent.done[key] = answer.json()
            else:
                sent.refused.append(answer.text)


def _load_until_killed(town: Town) -> Sent:
    sent = Sent()
    threads = [threading.Thread(target=_report, args=(town, sent, seed)) for seed in range(REPORTERS)]
    threads += [threading.Thread(target=_act, args=(town, sent, turn)) for turn in range(ACTORS)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60
    while (len(sent.told) < ENOUGH_REPORTS or len(sent.done) < ENOUGH_ACTS) and time.monotonic() < until:
        time.sleep(0.01)
    town.kill()  # every client is in the middle of a request
    sent.stop.set()
    for thread in threads:
        thread.join(30)
    assert len(sent.told) >= ENOUGH_REPORTS, sent.refused[:3]
    assert len(sent.done) >= ENOUGH_ACTS, sent.refused[:3]
    assert not sent.refused, sent.refused[:3]
    return sent


def _count(town: Town, sent: Sent) -> dict[str, Any]:
    return counted(town, {"matters": list(sent.reports), "acts": list(sent.acts)})


def _send_all_again(town: Town, sent: Sent) -> None:
    """Send everything once more, acknowledged or not, as a phone does that does not know what arrived."""
    with town.client() as client:
        for key, body in sent.reports.items():
            answer = client.post("/api/v1/reports", json=body)
            assert answer.status_code in ({200} if key in sent.told else {200, 201}), answer.text
            if key in sent.told:
                assert answer.json()["number"] == sent.told[key]["number"]
    with httpx.Client(base_url=town.url, timeout=20, **town.signed()) as client:
        for key, (matter, body) in sent.acts.items():
            answer = client.post(f"/api/v1/matters/{matter}/advance", json=body)
            assert answer.status_code == 200, answer.text
            if key in sent.done:
                assert answer.json()["created"] is False


def test_kill_9_under_load_loses_nothing_acknowledged_and_sending_again_doubles_nothing(town: Town) -> None:
    sent = _load_until_killed(town)
    after = _count(town, sent)
    assert [key for key in sent.told if after["matters"][key] != 1] == []
    assert [key for key in sent.done if after["acts"][key] != 1] == []
    assert after["torn"] == []
    verified(town)
    town.start()
    for _ in range(2):
        _send_all_again(town, sent)
    again = _count(town, sent)
    assert set(again["matters"].values()) == {1}
    assert set(again["acts"].values()) == {1}
    assert again["all_matters"] == again["all_numbers"] == len(sent.reports)
    assert again["torn"] == []
    verified(town)
