"""What residents fill in: shape is checked here, rules by the use cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.api import Problem, photo_limits, visible

LONGEST_TEXT = 2000
_PHONE = re.compile(r"^(?:1[3-9]\d{9}|0\d{9,11})$")

# English on old phones' number pads: full-width digits and blanks are what people type.
_WIDE = str.maketrans("０１２３４５６７８９－＋　", "0123456789-+ ")


def plain_phone(text: str) -> str:
    """Return a phone number as digits: full-width digits, blanks and +86 understood."""
    digits = re.sub(r"[\s()（）-]", "", text.translate(_WIDE))
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)


class ManyFiles(forms.ClearableFileInput):
    """A file input for several photos, with the limits where the script finds them."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all chosen files."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class PhotosField(forms.Field):
    """Several photos; their content is checked where they are kept."""

    def __init__(self, **kwargs: Any) -> None:
        limits = {
            "accept": "image/*,.heic,.heif",  # some systems do not count HEIC among the images
            "data-max-count": settings.PHOTO_MAX_COUNT,
            "data-max-bytes": settings.PHOTO_MAX_BYTES,
        }
        super().__init__(widget=ManyFiles(attrs=limits), required=False, **kwargs)

    def tell(self, *, said: str) -> None:
        """Put the limits beside the input, in the reader's language."""
        self.help_text = said
        self.widget.attrs["data-said"] = said


class PortalForm(forms.Form):
    """A form whose errors can come from the use case as problems."""

    required_css_class = "is-needed"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Stand each problem beside its field, or at the head of the form."""
        self.errors  # noqa: B018 - makes Django check first, or the check would wipe what is added
        for problem in problems:
            where = problem.field if problem.field in self.fields else None
            self.add_error(where, " ".join(part for part in (problem.why, problem.how) if part))


class ReportForm(PortalForm):
    """有什么要反映？ One text, perhaps photos, how urgent, and whether to leave a phone."""

    text = forms.CharField(
        label=gettext_lazy("有什么要反映？"),
        help_text=gettext_lazy("写清楚什么事、在哪里、从什么时候开始。请不要写别人的姓名和电话。"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": gettext_lazy("还没有写是什么问题。请用一两句话说明什么事、在哪里。"),
            "max_length": gettext_lazy(
                "太长了：最多 %(limit_value)d 个字，现在 %(show_value)d 个。请写要点，细节可以当面说。"
            ),
        },
    )
    photos = PhotosField(label=gettext_lazy("照片"))
    urgency = forms.ChoiceField(
        label=gettext_lazy("急不急？"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )
    contact = forms.ChoiceField(
        label=gettext_lazy("要不要留电话？"),
        widget=forms.RadioSelect,
        choices=[
            ("anonymous", gettext_lazy("不留，匿名反映")),
            ("phone", gettext_lazy("留电话，方便核实和回访")),
        ],
        initial="anonymous",
    )
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    reporter_name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(
        self, *args: Any, urgencies: Sequence[tuple[str, str]] = (), phone_use: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        photos = self.fields["photos"]
        if isinstance(photos, PhotosField):
            photos.tell(said=photo_limits())
        self.fields["phone"].help_text = phone_use
        urgency = self.fields["urgency"]
        if urgencies and isinstance(urgency, forms.ChoiceField):
            urgency.choices = list(urgencies)
            urgency.initial = urgencies[0][0]
        else:
            del self.fields["urgency"]

    def clean_text(self) -> str:
        """Refuse what holds no word at all."""
        text = visible(self.cleaned_data["text"])
        if not re.search(r"\w", text):
            raise forms.ValidationError(_("没有看到文字。请用一两句话说明什么事、在哪里。"))
        return text

    def clean(self) -> dict[str, Any]:
        """A phone is needed exactly when one is to be left."""
        data = super().clean() or {}
        phone = plain_phone(str(data.get("phone", "")))
        if data.get("contact") == "phone":
            if not phone:
                self.add_error("phone", _("您选了留电话，但还没有填。请填写，或改选“不留，匿名反映”。"))
            elif not _PHONE.match(phone):
                self.add_error("phone", _("电话号码不对：手机 11 位，或带区号的座机，如 0391-2912345。"))
        else:
            data["reporter_name"] = phone = ""
        data["phone"] = phone
        return data


class ActForm(PortalForm):
    """What a resident says by the link: solved, not solved and why, reopen, sign off."""

    reason = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("太长了：最多 %(limit_value)d 个字，现在 %(show_value)d 个。")},
    )
    photos = PhotosField(label=gettext_lazy("照片"))

    def __init__(self, *args: Any, reason: str = "", with_photos: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.required = reason == "required"
        field.error_messages["required"] = _("请写明理由，办理的人要据此改进。")
        if not reason:
            del self.fields["reason"]
        if not with_photos:
            del self.fields["photos"]
        elif isinstance(photos := self.fields["photos"], PhotosField):
            photos.tell(said=photo_limits())
