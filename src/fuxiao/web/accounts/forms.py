"""Forms of accounts."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms

from fuxiao.base.settings import CURRENCY
from fuxiao.studio.packs import PACKS
from fuxiao.web.words import later, t

PACK_NAMES = {
    "appliance": later("家电与设备制造（上门服务）", "Appliances and equipment (field service)"),
    "ecommerce": later("电商客服", "E-commerce customer service"),
    "saas": later("软件与 IT 服务台", "SaaS and IT help desk"),
}


class SetupForm(forms.Form):
    """The first owner and the organisation."""

    company = forms.CharField(label=later("公司或部门名称", "Company or department"), max_length=120)
    pack = forms.ChoiceField(
        label=later("从哪个模板开始", "Start from which template"), choices=[(key, PACK_NAMES[key]) for key in PACKS]
    )
    zone = forms.CharField(label=later("时区", "Time zone"), initial="Asia/Shanghai")
    currency = forms.CharField(label=later("币种", "Currency"), initial="CNY", max_length=3)
    username = forms.CharField(label=later("登录名", "User name"), max_length=150)
    email = forms.EmailField(label=later("邮箱（可选）", "E-mail (optional)"), required=False)
    password = forms.CharField(
        label=later("密码（至少 10 位）", "Password (10 characters or more)"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False,
    )  # fmt: skip

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(
                t("没有这个时区，例如 Asia/Shanghai。", "No such time zone; for example Asia/Shanghai.")
            )
        return zone

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not CURRENCY.fullmatch(currency):
            raise forms.ValidationError(
                t("三个字母的币种代码，例如 CNY。", "A code of three letters, for example CNY.")
            )
        return currency
