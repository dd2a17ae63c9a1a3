"""The forms of django-allauth in our words: labels, no placeholders, help where it helps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from fuxiao.web.words import later, t

LABELS = {
    "login": later("登录名或邮箱", "User name or e-mail"),
    "password": later("密码", "Password"),
    "remember": later("在这台设备上保持登录", "Keep me signed in on this device"),
    "oldpassword": later("当前密码", "Current password"),
    "password1": later("新密码", "New password"),
    "password2": later("再输入一次新密码", "New password again"),
    "email": later("邮箱", "E-mail"),
    "code": later("验证码", "Code"),
    "name": later("名称", "Name"),
    "passwordless": later("以后可以只用它登录，不输密码", "Let me sign in with it alone, without a password"),
}
HELP = {
    "password1": later(
        "至少 10 位；不要用常见密码，也不要与登录名相似。",
        "10 characters or more, not a common password, not like your user name.",
    ),
    "passwordless": later(
        "这台设备会要求指纹、面容或 PIN 码。", "The device will ask for a fingerprint, a face or a PIN."
    ),
}


class OurWords(forms.Form):
    """Puts our label and help on each field that the form brought along."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = LABELS.get(name, field.label), HELP.get(name, "")
        for name in ("code", "login"):
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "autocapitalize": "none"}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class AddEmailForm(OurWords, account.AddEmailForm):  # type: ignore[misc]
    pass


class CodeForm(OurWords, base.AuthenticateForm):  # type: ignore[misc]
    pass


class ConfirmingCodeForm(OurWords, base.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass


class PasskeyAnswer(forms.JSONField):
    """What an authenticator answered: an object. Anything else a page of ours never sends."""

    def to_python(self, value: Any) -> Any:
        try:
            answer = super().to_python(value)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise forms.ValidationError(
                later("通行密钥没有回应，请再试一次。", "The passkey did not answer; try again.")
            )
        return answer

    def bound_data(self, data: Any, initial: Any) -> Any:
        """An answer is good once: the form comes back without it."""
        return initial


class OfPasskey(OurWords):
    """A form that an authenticator fills in; whatever does not fit together is no passkey."""

    credential = PasskeyAnswer(widget=forms.HiddenInput)

    def _clean_fields(self) -> None:
        with self._refused():
            super()._clean_fields()  # type: ignore[misc]

    def _clean_form(self) -> None:
        with self._refused():
            super()._clean_form()  # type: ignore[misc]

    @contextmanager
    def _refused(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, AttributeError):
            self.add_error("credential", t("通行密钥没有回应，请再试一次。", "The passkey did not answer; try again."))


class AddPasskeyForm(OfPasskey, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey signs in by itself unless somebody wants it beside the password only."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["passwordless"].initial = True


class PasskeyForm(OfPasskey, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class LoginPasskeyForm(OfPasskey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ConfirmingPasskeyForm(OfPasskey, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class EditPasskeyForm(OurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    pass
