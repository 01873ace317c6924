"""What the worker does for forms: blank ones that are older than a month go."""

from __future__ import annotations


def register() -> None:
    """Hand the job to the worker; called once at start."""
    from bihuan.kernel.api import register_job
    from bihuan.reporting.forms.store import sweep

    register_job("reporting.forms", sweep, 86_400)
