"""The receiver that the documentation shows takes what hooks send, once, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bihuan.api import hooks
from bihuan.kernel.api import clock, deliver_due
from tests.api.test_hooks import Receiver, a_hook, receiver, town
from tests.matters.conftest import Town

__all__ = ["receiver", "town"]

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
Take = Callable[..., Any]


def _documented(secret: str) -> Take:
    code = re.findall(r"```python\n(import base64.*?)```", PAGE, flags=re.DOTALL)
    assert len(code) == 1
    place: dict[str, Any] = {}
    exec(code[0], place)  # noqa: S102 - our own page
    place["SECRET"] = secret
    return place["receive"]  # type: ignore[no-any-return]


def _deliver(town: Town) -> float:
    """Deliver what waits, in a while; return the moment, in seconds."""
    later = town.later(minutes=1)
    hooks.feed(later)
    with clock.at(later):
        deliver_due(later + timedelta(days=3650))
    return later.timestamp()


def test_the_documented_receiver_takes_a_message_and_drops_it_when_it_is_sent_again(
    town: Town, receiver: Receiver
) -> None:
    made = a_hook(town, receiver.url, events=["matter.opened"])
    take = _documented(made.secret)
    done = town.report()
    first = _deliver(town)
    (headers, body), *more = receiver.got
    assert not more
    told = take(headers, body, now=first)
    assert (told["type"], told["data"]["number"]) == ("matter.opened", done.number)
    assert take(headers, body, now=first) is None

    town.later(hours=6)
    with clock.at(town.now):
        assert hooks.replay(actor=town.secretary, hook_id=made.row.pk, since=town.now - timedelta(days=1)) == 1
    again = _deliver(town)
    repeated, same = receiver.got[-1]
    assert same == body
    assert repeated["webhook-id"] == headers["webhook-id"]
    assert repeated["webhook-timestamp"] != headers["webhook-timestamp"]
    assert take(repeated, same, now=again) is None  # it has it
    assert _documented(made.secret)(repeated, same, now=again) == told  # who lost it takes it


def test_the_documented_receiver_refuses_what_was_altered_copied_or_signed_by_another(
    town: Town, receiver: Receiver
) -> None:
    secret = a_hook(town, receiver.url, events=["matter.opened"]).secret
    town.report()
    now = _deliver(town)
    headers, body = receiver.got[0]
    for given, text, at in (
        (headers, body.replace(b"matter.opened", b"matter.closed"), now),
        ({**headers, "webhook-id": "msg_other"}, body, now),
        ({**headers, "webhook-timestamp": str(int(now) + 1)}, body, now),
        (headers, body, now + 301),  # a copy that somebody kept
    ):
        with pytest.raises(ValueError, match=r"wrong signature|too old"):
            _documented(secret)(given, text, now=at)
    other = secret[:-4] + ("AAA=" if secret[-4:] != "AAA=" else "BBB=")
    with pytest.raises(ValueError, match=r"wrong signature"):
        _documented(other)(headers, body, now=now)
