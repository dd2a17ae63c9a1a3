"""Forms of accounts."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator

from fuxiao.base.permissions import Role, Viewer
from fuxiao.base.settings import CURRENCY
from fuxiao.core.bonus.money import SPOKEN
from fuxiao.org import queries as org
from fuxiao.org.models import Person
from fuxiao.studio.packs import PACKS
from fuxiao.web.words import later, t

NEW_PASSWORD = {"autocomplete": "new-password"}
PASSWORD_HELP = later(
    "至少 10 位；不要用常见密码，也不要与登录名相似。",
    "10 characters or more, not a common password, not like the user name.",
)
SHOWN = 5
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


class SetupForm(forms.Form):
    """The first owner and the organisation."""

    company = forms.CharField(label=later("公司或部门名称", "Company or department"), max_length=120)
    pack = forms.ChoiceField(
        label=later("从哪个模板开始", "Start from which template"), choices=[(k, k) for k in PACKS]
    )
    zone = forms.ChoiceField(
        label=later("时区", "Time zone"), initial="Asia/Shanghai", choices=[(zone, zone) for zone in ZONES]
    )
    currency = forms.CharField(label=later("币种", "Currency"), initial="CNY", max_length=3)
    username = forms.CharField(
        label=later("登录名", "User name"), max_length=150, validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    email = forms.EmailField(label=later("邮箱（可选）", "E-mail (optional)"), required=False)
    password = forms.CharField(
        label=later("密码", "Password"), help_text=PASSWORD_HELP, strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
    )  # fmt: skip

    def clean_currency(self) -> str:
        given = str(self.cleaned_data["currency"]).upper()
        currency = SPOKEN.get(given, given)
        if not CURRENCY.fullmatch(currency):
            raise forms.ValidationError(
                t("三个字母的币种代码，例如 CNY。", "A code of three letters, for example CNY.")
            )
        return currency


class RolesForm(forms.Form):
    """The roles of an account, out of those that the viewer may give."""

    roles = forms.TypedMultipleChoiceField(
        label=later("角色", "Roles"), coerce=Role, required=False, choices=[(role.value, role.value) for role in Role]
    )


class AccountForm(RolesForm):
    """A new account: whose, under what name, and as what."""

    person = forms.CharField(
        label=later("人员", "Person"), required=False, max_length=200,
        help_text=later(
            "工号、姓名或拼音；不属于任何员工的账号可以留空。",
            "Number, name or pinyin; leave it empty for an account that is no employee's.",
        ),
    )  # fmt: skip
    username = forms.CharField(
        label=later("登录名", "User name"), max_length=150, validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    email = forms.EmailField(label=later("邮箱（可选）", "E-mail (optional)"), required=False)

    def __init__(self, *args: object, viewer: Viewer, on: date, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.viewer, self.on = viewer, on

    def clean_person(self) -> Person | None:
        wanted = str(self.cleaned_data["person"]).strip()
        if not wanted:
            return None
        found = list(org.people(self.viewer, on=self.on, search=wanted)[: SHOWN + 1])
        exact = [person for person in found if wanted in {person.number, person.name}]
        found = exact or found
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                t("没有找到在职人员“{who}”。", "Nobody employed is called “{who}”.", who=wanted)
            )
        names = "、".join(map(str, found[:SHOWN]))
        raise forms.ValidationError(
            t("不止一位：{names}。请填工号。", "More than one: {names}. Give the number.", names=names)
        )


class PasswordForm(forms.Form):
    """The password that somebody invited sets."""

    password = forms.CharField(
        label=later("密码", "Password"), help_text=PASSWORD_HELP, strip=False,
        widget=forms.PasswordInput(attrs={**NEW_PASSWORD, "autofocus": True}),
    )  # fmt: skip
