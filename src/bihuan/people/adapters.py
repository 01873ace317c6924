"""Fits django-allauth to the house: numbers, codes by SMS, and accounts that hold no rights."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.api import BadInput, clock, enqueue, new_id
from bihuan.people import phones, residents
from bihuan.people.models import User
from bihuan.people.resets import reset_to_tell


class PhoneField(forms.CharField):
    """A mobile number as people type it; cleans to the form kept."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        """Take allauth's options, with a label and a length."""
        super().__init__(**{"label": gettext_lazy("手机号"), "max_length": 24, **kwargs})

    def clean(self, value: Any) -> str:
        """Return the normalised number.

        Raises:
            ValidationError: with what is wrong and how to mend it.
        """
        text = str(super().clean(value))
        try:
            return phones.normalise(text) if text else ""
        except BadInput as error:
            raise ValidationError(f"{error.problems[0].why}。{error.problems[0].how}") from error


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for staff by accounts made for them, for residents by a code to their phone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: staff accounts are made by an administrator, residents' by the first code."""
        return False

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        """Return the field that reads numbers as people type them."""
        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        """Return the normalised number; see ``PhoneField``."""
        return PhoneField().clean(phone)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:  # noqa: FBT001 - allauth's signature
        """Keep a number on the account, encrypted."""
        for name, value in phones.fields(phone).items():
            setattr(user, name, value)
        user.phone_verified_at = timezone.now() if verified else None
        user.save(update_fields=["phone_cipher", "phone_masked", "phone_lookup", "phone_verified_at"])

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Return the account's number and whether it was proven."""
        number = residents.number_of(user)
        return (number, user.phone_verified_at is not None) if number else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Note the proof; the first one gives the account its person."""
        residents.phone_proven(user)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Return the account of a number as typed."""
        try:
            return residents.user_by_phone(phones.normalise(phone))
        except BadInput:
            return None

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Enqueue the code for the SMS channel; it is blanked once it is sent, and when it is of no use any more."""
        text = _("【闭环】登录验证码 %(code)s，3 分钟内有效。任何人向您索要验证码都是诈骗。") % {"code": code}
        now = clock.now()
        expires = now + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        enqueue("sms", phone, {"text": text}, f"code:{new_id()}", due_at=now, expires_at=expires)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and tell who reset this account lately, whichever way the sign-in went."""
        super().login(request, user)
        reset = reset_to_tell(user.person_id) if user.person_id else None
        if reset is not None:
            words = _("%(by)s于 %(day)s 重设了您的登录密码。如果不是您要求的，请立即修改密码，并向上级反映。")
            day = reset.at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M")
            messages.warning(request, words % {"by": reset.by, "day": day})

    def set_password(self, user: User, password: str) -> None:
        """Set a password its owner chose: the first one made by an administrator is done with."""
        user.must_change_password = False
        super().set_password(user, password)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Sign-in through WeChat, where a place has configured it: residents only, without rights."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say yes: the provider is only there when configured, and a new account holds nothing."""
        return True

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Save the account and give it a person."""
        user: User = super().save_user(request, sociallogin, form)
        if user.person_id is None:
            residents.resident_for(user)
        return user

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Take nothing of the provider's profile: no nickname, no picture, no e-mail (minimum collection)."""
        user: User = super().populate_user(request, sociallogin, {})
        return user


class MFAAdapter(DefaultMFAAdapter):
    """Second factors by the house's name."""

    def get_totp_issuer(self) -> str:
        """Return what the authenticator app shows beside the account."""
        return "闭环 Bihuan"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks for the passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": "闭环 Bihuan"}
