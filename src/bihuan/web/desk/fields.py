"""Form fields made from the method's fields: their type, options and limits become an input with its checks."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from bihuan.kernel.api import CHINA, clock
from bihuan.methods.api import FieldSpec

Choice = tuple[str, str]


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"


class PhotosField(forms.FileField):
    """Several photos; cleans to a list of uploads."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file alike."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(PhotosField, self).clean(file, initial) for file in files]


def photos_field(label: str, *, least: int) -> PhotosField:
    """Return the field for photos, with what is allowed said before anything is chosen."""
    megabytes = settings.PHOTO_MAX_BYTES // (1024 * 1024)
    most = settings.PHOTO_MAX_COUNT
    hint = _("JPEG、PNG 或 WebP，每张不超过 %(mb)s MB，最多 %(most)s 张。照片里的位置信息会去掉。") % {
        "mb": megabytes,
        "most": most,
    }
    if least:
        hint = _("至少 %(least)s 张。") % {"least": least} + hint
    field = PhotosField(label=label, required=least > 0, help_text=hint)
    field.widget.attrs.update(
        {
            "accept": "image/jpeg,image/png,image/webp,image/heic",
            "multiple": True,
            "data-max-bytes": settings.PHOTO_MAX_BYTES,
            "data-max-count": most,
            "data-said": hint,
        }
    )
    return field


def _choices(spec: FieldSpec, language: str) -> list[Choice]:
    return [(key, title.say(language)) for key, title in spec.options.items()]


def _text(spec: FieldSpec, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=spec.longest or 200, **common)


def _long_text(spec: FieldSpec, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=spec.longest or 2000, widget=forms.Textarea(attrs={"rows": 4}), **common)


def _number(spec: FieldSpec, common: dict[str, Any]) -> forms.Field:
    least = None if spec.least is None else int(spec.least)
    most = None if spec.most is None else int(spec.most)
    return forms.IntegerField(min_value=least, max_value=most, **common)


def _amount(spec: FieldSpec, common: dict[str, Any]) -> forms.Field:
    least = None if spec.least is None else Decimal(str(spec.least))
    most = None if spec.most is None else Decimal(str(spec.most))
    return forms.DecimalField(min_value=least, max_value=most, **common)


def _date(_spec: FieldSpec, common: dict[str, Any]) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)


def _time(_spec: FieldSpec, common: dict[str, Any]) -> forms.Field:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **common)


_SIMPLE = {
    "text": _text,
    "long_text": _long_text,
    "number": _number,
    "amount": _amount,
    "date": _date,
    "time": _time,
    "person": _text,
}
_RADIO_UP_TO = 5


def field_for(spec: FieldSpec, *, required: bool, language: str) -> forms.Field:
    """Return the form field of one field of the method."""
    common: dict[str, Any] = {
        "label": spec.title.say(language),
        "required": required,
        "help_text": spec.hint.say(language) if spec.hint else "",
    }
    if spec.type == "choice":
        options = _choices(spec, language)
        if len(options) <= _RADIO_UP_TO:
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=[("", _("请选择")), *options], **common)
    if spec.type == "choices":
        options = _choices(spec, language)
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
    if spec.type == "yes_no":
        yes_no = [("yes", _("是")), ("no", _("否"))]
        return forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect, **common)
    return _SIMPLE[spec.type](spec, common)


def closing_hour(day: date) -> datetime:
    """Return the end of office hours of ``day``."""
    return CHINA.end_of_day(day)


def plain(value: Any, *, yes_no: bool = False) -> Any:
    """Return a cleaned value as the engine takes it: numbers plain, dates as ISO text."""
    if yes_no:
        return value == "yes"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def local_now_text() -> str:
    """Return the current minute as an ``<input type=datetime-local>`` writes it."""
    return clock.now().astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")
