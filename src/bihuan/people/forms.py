"""allauth's forms where the house's differ."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.people import residents


class SignInForm(LoginForm):
    """Sign-in name or number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the fields in our words, without placeholders in place of labels."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("登录名或手机号")
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        if "remember" in self.fields:
            self.fields["remember"].label = _("在这台设备上保持登录（公用电脑请勿选）")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class CodeForm(RequestLoginCodeForm):
    """Ask for a code to one's number; the same answer for a known and an unknown one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Tell what will happen."""
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _("会收到一条 6 位数字的短信。第一次登录会自动建立居民账号。")

    def clean_phone(self) -> str:
        """Count the request against its limits first, then find or make the account."""
        phone: str = super().clean_phone()
        self._user = residents.account_for_phone(phone)
        return phone


class ConfirmCodeWidget(forms.TextInput):
    """Where a code is typed: digits, offered from the SMS by the phone itself."""

    def __init__(self) -> None:
        """Set the hints for phones."""
        super().__init__({"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "8"})
