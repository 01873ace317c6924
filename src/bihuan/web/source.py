"""Where a request comes from, for throttling only; it is hashed before anything keeps it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.kernel.api import hit, source_of


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one source may do something: ``limit`` times in ``seconds``."""

    bucket: str
    limit: int
    seconds: int


# A whole building may sit behind one address: limits stop floods, not neighbours.
REPORT = Pace("portal-report", 40, 600)
ALIKE = Pace("portal-alike", 200, 600)
ACT = Pace("portal-act", 60, 600)
FOLLOW = Pace("portal-follow", 60, 600)
PHOTOS = Pace("portal-photos", 90, 600)  # forms with new photos: each is decoded and laid away, accepted or not
GUESS = Pace("portal-guess", 60, 600)


def too_fast(request: HttpRequest, pace: Pace) -> str:
    """Count one act of this source; return a kind message when it was one too many, else ``""``."""
    decision = hit(pace.bucket, source_of(request), pace.limit, pace.seconds)
    if decision.allowed:
        return ""
    minutes = math.ceil(decision.retry_after / 60)
    return _(
        "这个网络在短时间内提交得太多了，请约 %(minutes)s 分钟后再试。您填写的内容都还在。急事请直接联系社区。"
    ) % {"minutes": minutes}


def guessed_slowly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Count each call of a page that a secret address opens, so that no address is found by trying."""

    @wraps(view)
    def paced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if message := too_fast(request, GUESS):
            return render(request, "web/portal/slow.html", {"message": message}, status=429)
        return view(request, *args, **kwargs)

    return paced
