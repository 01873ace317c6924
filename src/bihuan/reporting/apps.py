"""Registers the package with Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Bihuan's reporting package."""

    name = "bihuan.reporting"
    label = "reporting"
    verbose_name = "报表"

    def ready(self) -> None:
        """Tell the layers below: the sections of the method file, what the worker does."""
        from bihuan.reporting.figures import jobs as figure_jobs
        from bihuan.reporting.figures import language as figures
        from bihuan.reporting.registers import language as registers

        registers.register()
        figures.register()
        figure_jobs.register()
