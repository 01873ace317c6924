"""Who stands which duty: by turns, as even as it can be, and exact. Pure: no Django, no chance.

First the duties of rest days are shared out, then those of workdays on top of them. In each round a seat goes to
whoever has the fewest so far; of those with as few, to whose nearest other duty is farthest off; then in the order of
joining. Where days on which people cannot come leave the shares uneven, seats are handed on along chains (from A to B,
from B to C) as long as that brings two shares closer: when no such chain is left, no sharing is more even (a
semi-matching without a cost-reducing path is optimal: Harvey, Ladner, Lovász, Tamir 2006). Nobody stands two duties at
once. A seat that nobody can take stays empty, and is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from bihuan.activities.duties.shifts import Slot

Who = TypeVar("Who")
_NEVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose turn it may be.

    ``ahead``: one where the roster before gave them one more than others. ``last``: when they last stood.
    ``away``: days as 2024-03-12, weekdays as 1 (Monday) to 7.
    """

    ahead: int = 0
    last: datetime | None = None
    away: Collection[str] = ()

    def can(self, day: date) -> bool:
        """Say whether they can come on a day."""
        return day.isoformat() not in self.away and str(day.isoweekday()) not in self.away


@dataclass(slots=True)
class _Table:
    slots: Sequence[Slot]
    turns: Sequence[Turn]
    held: list[list[int]]  # of each who takes turns: their slots
    load: list[int]  # what is to be even

    def free(self, who: int, at: int) -> bool:
        """Say whether somebody can take a seat: they come that day, and stand nothing at the same time."""
        slot = self.slots[at]
        return self.turns[who].can(slot.day) and not any(
            self.slots[other].starts < slot.ends and slot.starts < self.slots[other].ends for other in self.held[who]
        )

    def apart(self, who: int, at: int) -> timedelta:
        """Return how far the nearest other duty of somebody is from a slot."""
        begins, last = self.slots[at].starts, self.turns[who].last
        near = [abs(self.slots[other].starts - begins) for other in self.held[who]]
        return min([*near, abs(begins - last)] if last is not None else near, default=_NEVER)

    def seat(self, who: int, at: int) -> None:
        """Give somebody a seat."""
        self.held[who].append(at)
        self.load[who] += 1

    def unseat(self, who: int, at: int) -> None:
        """Take it from them."""
        self.held[who].remove(at)
        self.load[who] -= 1


def share(slots: Sequence[Slot], turns: Mapping[Who, Turn]) -> list[list[Who]]:
    """Return who stands each slot, in the order of the slots; fewer than its people where too few can come.

    Args:
        slots: what there is to stand.
        turns: whoever takes turns, in the order of joining.
    """
    table = _Table(slots, list(turns.values()), [[] for _turn in turns], [0] * len(turns))
    _even_out(table, [at for at, slot in enumerate(slots) if slot.rest])
    table.load = [n + turn.ahead for n, turn in zip(table.load, table.turns, strict=True)]
    _even_out(table, [at for at, slot in enumerate(slots) if not slot.rest])
    seats: list[list[Who]] = [[] for _slot in slots]
    for name, held in zip(turns, table.held, strict=True):
        for at in held:
            seats[at].append(name)
    return seats


def _even_out(table: _Table, ours: Sequence[int]) -> None:
    """Share out some of the slots, and even the shares out as far as it goes."""
    everybody = range(len(table.turns))
    for at in ours:
        for _seat in range(table.slots[at].people):
            able = [who for who in everybody if table.free(who, at)]
            least = min((table.load[who] for who in able), default=0)
            few = [who for who in able if table.load[who] == least]
            if few:
                table.seat(min(few, key=lambda who: (-table.apart(who, at), who)), at)
    mine = frozenset(ours)
    while any(_hand_on(table, mine, first) for first in sorted(everybody, key=lambda who: -table.load[who])):
        pass


def _hand_on(table: _Table, ours: frozenset[int], first: int) -> bool:
    """Hand seats on along the shortest chain from somebody to one of at least two fewer; False where there is none."""
    if table.load[first] - min(table.load) < 2:
        return False
    came: dict[int, tuple[int, int]] = {first: (-1, -1)}
    waiting = deque([first])
    while waiting:
        giver = waiting.popleft()
        if table.load[first] - table.load[giver] >= 2:
            _along(table, came, giver)
            return True
        for at in sorted(ours.intersection(table.held[giver])):
            for taker in range(len(table.turns)):
                if taker not in came and table.free(taker, at):
                    came[taker] = (giver, at)
                    waiting.append(taker)
    return False


def _along(table: _Table, came: Mapping[int, tuple[int, int]], last: int) -> None:
    taker = last
    while (step := came[taker])[0] >= 0:
        giver, at = step
        table.unseat(giver, at)
        table.seat(taker, at)
        taker = giver
