"""Registers the package with Django."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Bihuan's fieldwork package."""

    name = "bihuan.fieldwork"
    label = "fieldwork"
    verbose_name = "巡访"

    def ready(self) -> None:
        """Tell the layers below: the sections of the method file."""
        from bihuan.fieldwork import language, pairing_start, start

        language.register()
        pairing_start.register()
        start.register()
