"""Which registers there are: the standard ones that ship, and those of the methods in use in an area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bihuan.kernel.api import NotFound
from bihuan.methods.api import Method, get_method, methods_in
from bihuan.reporting.registers.section import KEY, ColumnSpec, Registers, RegisterSpec

STANDARD = Path(__file__).resolve().parent.parent / "standard" / "registers"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register as it is shown: ``key`` is its place in the definition, stable as long as that is."""

    key: str
    spec: ColumnSpec


@dataclass(frozen=True, slots=True)
class Register:
    """A register that somebody may open: its key, its definition, the method it belongs to ("" for a standard one)."""

    key: str
    spec: RegisterSpec
    method_key: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in their order. Two that take the same value are told apart by their place."""
        found: list[Column] = []
        seen: set[str] = set()
        for index, column in enumerate(self.spec.columns):
            key = column.value or f"blank{index}"
            if key in seen:
                key = f"{key}~{index}"
            seen.add(key)
            found.append(Column(key, column))
        return tuple(found)


@cache
def standard() -> dict[str, Register]:
    """Return the registers that ship, by key, in the order of their files."""
    found = {}
    for path in sorted(STANDARD.glob("*.yaml")):
        key = path.stem.partition("_")[2]  # "10_livelihood_card.yaml"
        found[key] = Register(key, RegisterSpec.model_validate(yaml.safe_load(path.read_text("utf-8"))))
    return found


def registers_in(area_code: str) -> dict[str, Register]:
    """Return every register of an area by key: the standard ones, then its methods' own (``<method>.<key>``)."""
    found = dict(standard())
    for use in methods_in(area_code):
        section = get_method(use.version.pk).section(KEY)
        if isinstance(section, Registers):
            for key, spec in section.registers.items():
                found[f"{use.key}.{key}"] = Register(f"{use.key}.{key}", spec, use.key)
    return found


def registers_of(key: str, method: Method) -> list[Register]:
    """Return the registers of one method's matters: the standard ones, then its own."""
    found = [one for one in standard().values() if one.spec.of == "matter" and one.spec.where.get("method") == key]
    section = method.section(KEY)
    if isinstance(section, Registers):
        found += [Register(f"{key}.{name}", one, key) for name, one in section.registers.items() if one.of == "matter"]
    return found


def register_of(area_code: str, key: str) -> Register:
    """Return one register.

    Raises:
        NotFound: there is none of that key in the area.
    """
    found = standard().get(key) or registers_in(area_code).get(key)
    if found is None:
        raise NotFound
    return found
