"""Registers the package with Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Bihuan's reporting package."""

    name = "bihuan.reporting"
    label = "reporting"
    verbose_name = "报表"

    def ready(self) -> None:
        """Tell the layers below: the sections of the method file, what the worker does."""
        from bihuan.reporting.bringin import jobs as bringin_jobs
        from bihuan.reporting.bulletins import language as bulletins
        from bihuan.reporting.bulletins import scope as bulletin_scope
        from bihuan.reporting.bulletins import verbs as bulletin_verbs
        from bihuan.reporting.exports import scope as export_scope
        from bihuan.reporting.exports import verbs as export_verbs
        from bihuan.reporting.figures import jobs as figure_jobs
        from bihuan.reporting.figures import language as figures
        from bihuan.reporting.forms import jobs as form_jobs
        from bihuan.reporting.registers import jobs as register_jobs
        from bihuan.reporting.registers import language as registers

        bulletins.register()
        bulletin_verbs.register()
        bulletin_scope.register()
        export_verbs.register()
        export_scope.register()
        registers.register()
        figures.register()
        figure_jobs.register()
        form_jobs.register()
        bringin_jobs.register()
        register_jobs.register()
