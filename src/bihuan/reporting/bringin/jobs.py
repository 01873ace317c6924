"""What the worker does for files that were to be brought in."""

from __future__ import annotations

from bihuan.kernel.api import register_job
from bihuan.reporting.bringin.runs import forget_files


def register() -> None:
    """Delete, each hour, what nobody brought in within a day."""
    register_job("reporting.forget_files", forget_files, 3600)
