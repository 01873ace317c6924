"""Which figures and registers a template may ask for: the standard ones, and those that its method declares."""

from __future__ import annotations

from bihuan.methods.api import Method
from bihuan.reporting.figures.definitions import standard as standard_figures
from bihuan.reporting.figures.section import KEY as FIGURES
from bihuan.reporting.figures.section import Figures
from bihuan.reporting.registers.definitions import standard
from bihuan.reporting.registers.section import KEY as REGISTERS
from bihuan.reporting.registers.section import Registers

TOLD = frozenset({"matter", "measure", "meeting", "activity", "notice"})  # what others hold is not for everybody


def standard_registers() -> frozenset[str]:
    """Return the keys of the standard registers whose lines may stand in a text for everybody."""
    return frozenset(key for key, one in standard().items() if one.spec.of in TOLD)


def figures_of(method: Method | None) -> frozenset[str]:
    """Return the figures that may be asked for; a method's own by their plain keys."""
    section = method.section(FIGURES) if method is not None else None
    own = set(section.items) if isinstance(section, Figures) else set()
    return frozenset(standard_figures().items) | own


def registers_of(method: Method | None) -> frozenset[str]:
    """Return the registers that may be asked for."""
    section = method.section(REGISTERS) if method is not None else None
    own = section.registers if isinstance(section, Registers) else {}
    return standard_registers() | frozenset(key for key, spec in own.items() if spec.of in TOLD)
