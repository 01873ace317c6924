"""Registers the package with Django."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Bihuan's activities package."""

    name = "bihuan.activities"
    label = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        """Tell the layers below: the section, the verbs, the scope, what goes with an erasure, the jobs."""
        from bihuan.activities import forgetting, jobs, language, scope, verbs

        language.register()
        verbs.register()
        scope.register()
        forgetting.register()
        jobs.register()
