"""Registers the package with Django."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Bihuan's meetings package."""

    name = "bihuan.meetings"
    label = "meetings"
    verbose_name = "会议"

    def ready(self) -> None:
        """Tell the layers below: the section, the verbs, the scope, what goes with an erasure, the jobs."""
        from bihuan.meetings import forgetting, language, reminders, scope, verbs

        language.register()
        verbs.register()
        scope.register()
        forgetting.register()
        reminders.register()
