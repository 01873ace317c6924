"""What the worker does for matters: let clocks speak, index texts, forget what was erased."""

from __future__ import annotations


def register() -> None:
    """Hand the recurring jobs to the worker; called once at start."""
