"""How sign-in behaves here: nobody signs up uninvited, and words are ours."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from fuxiao.web.shell.home import organisation
from fuxiao.web.words import later, t

WRONG = later("登录名或密码不对。", "The user name or the password is wrong.")
WRONG_CODE = later(
    "验证码不对；它每 30 秒更新一次，请看最新的。", "Wrong code; it changes every 30 seconds, so take the newest."
)
METHODS = {
    "reauthenticate": later("用密码确认", "Confirm with the password"),
    "mfa_reauthenticate": later("用验证码或恢复码确认", "Confirm with a code or a recovery code"),
    "mfa_reauthenticate:webauthn": later("用通行密钥确认", "Confirm with a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from the owner, HR or an invitation."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": later("这个账号已停用。", "This account is disabled."),
        "cannot_remove_primary_email": later("不能移除主邮箱。", "The primary address cannot be removed."),
        "duplicate_email": later("您已经添加过这个邮箱。", "You have added this address already."),
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "enter_current_password": later("当前密码不对。", "The current password is wrong."),
        "incorrect_password": later("密码不对。", "The password is wrong."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": later(
            "尝试次数过多，请 15 分钟后再试。", "Too many attempts; try again in 15 minutes."
        ),
        "rate_limited": later("操作太频繁，请稍后再试。", "Too many attempts; try again in a while."),
        "max_email_addresses": later("最多可添加 %d 个邮箱。", "At most %d addresses can be added."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"[{organisation().name or 'Fuxiao'}] {subject}"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**each, "description": METHODS.get(each["id"], each["description"])} for each in found]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors under the organisation's name, in our words."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": later(
            "请先启用验证器应用或通行密钥，再生成恢复码。", "Set up an authenticator app or a passkey first."
        ),
        "unverified_email": later("请先验证邮箱。", "Confirm your e-mail address first."),
    }

    def get_totp_issuer(self) -> str:
        return organisation().name or "Fuxiao"

    def generate_authenticator_name(self, user: Any, kind: str) -> str:
        number = Authenticator.objects.filter(user=user, type=kind).count() + 1
        return t("通行密钥 {n}", "Passkey {n}", n=number)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A sign-in elsewhere opens the account that was connected with it; it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False
