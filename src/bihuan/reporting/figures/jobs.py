"""What the worker does for figures: it folds matters that moved, and folds anew where the rules are others."""

from __future__ import annotations


def register() -> None:
    """Hand the job to the worker; called once at start."""
    from bihuan.kernel.api import register_job
    from bihuan.reporting.figures.folding import fold_pending

    register_job("reporting.figures", fold_pending, 2)
