"""Where a row of an old ledger lies: a code, a name, or the building in an address; else the file's own area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.areas.api import normalise, subtree_q
from bihuan.areas.models import Area
from bihuan.fieldwork.api import find_door
from bihuan.reporting.sheets.values import plain


@dataclass(frozen=True, slots=True)
class Places:
    """The areas below the one that a file is brought into, by code and by every name."""

    root: str
    codes: frozenset[str]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, root: str) -> Places:
        """Read them. One statement."""
        codes: set[str] = set()
        names: dict[str, tuple[str, ...]] = {}
        for code, name, short in Area.objects.filter(subtree_q("code", root), active=True).values_list(
            "code", "name", "short_name"
        ):
            codes.add(code)
            for called in {plain(name), plain(short)} - {""}:
                names[called] = (*names.get(called, ()), code)
        return cls(root, frozenset(codes), names)

    def find(self, text: str) -> str | None:
        """Return the code of the one place that a cell means; the root for an empty one; None where it is not told."""
        said = plain(text)
        if not said:
            return self.root
        code = normalise(said)
        if code in self.codes:
            return code
        if len(found := self.names.get(said, ())) == 1:
            return found[0]
        door = find_door(said)
        if door is not None and door.door.building:
            building = self.names.get(plain(f"{door.door.building}号楼"), ())
            return building[0] if len(building) == 1 else None
        inside = {codes for name, codes in self.names.items() if len(name) > 1 and name in said}
        return next(iter(inside))[0] if len(inside) == 1 and len(next(iter(inside))) == 1 else None
