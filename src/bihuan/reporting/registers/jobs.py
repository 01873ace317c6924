"""What the worker does for registers: the own views of who has left go."""

from __future__ import annotations


def register() -> None:
    """Hand the job to the worker; called once at start."""
    from bihuan.kernel.api import register_job
    from bihuan.reporting.registers.views import forget_views

    register_job("reporting.forget_views", forget_views, 3600)
