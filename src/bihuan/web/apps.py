"""Registers the package with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Bihuan's web package."""

    name = "bihuan.web"
    label = "web"
    verbose_name = "网页"

    def ready(self) -> None:
        """Have the worker sweep what residents chose and never sent; name what is missing in plain words."""
        from django import forms
        from django.utils.translation import gettext_lazy as _

        from bihuan.kernel.api import register_job
        from bihuan.web.portal.kept import sweep

        register_job("provisional-photos", sweep, every_seconds=3600)
        forms.Field.default_error_messages["required"] = _("这一项需要填写。")
        forms.ChoiceField.default_error_messages["required"] = _("请选择一项。")
