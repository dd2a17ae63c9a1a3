"""Forms of parts, locations and stock."""

from __future__ import annotations

from typing import Any

from django import forms

from fuxiao.org.models import Team
from fuxiao.service.actions.stock import Place
from fuxiao.service.models import Location, LocationKind, Part
from fuxiao.web.customers.forms import without_slash
from fuxiao.web.org.amounts import MoneyField
from fuxiao.web.org.forms import PersonField
from fuxiao.web.org.labels import major
from fuxiao.web.templatetags.names import said
from fuxiao.web.words import later, t


class PartField(forms.CharField):
    """A part by its number, or by a name that only one has."""

    def clean(self, value: object) -> Part | None:
        word = str(super().clean(value) or "").strip()
        found = list(Part.objects.filter(number=word)) or list(Part.objects.filter(name=word)[:2])
        if len(found) == 1:
            return found[0]
        if word or self.required:
            raise forms.ValidationError(
                t("没有备件“{word}”，请写备件号。", "There is no part “{word}”; write its number.", word=word)
            )
        return None


class PartForm(forms.Form):
    """What is known of a part."""

    name = forms.CharField(label=later("名称", "Name"), max_length=200)
    price = MoneyField(label=later("单价", "Price"))
    return_days = forms.IntegerField(
        label=later("旧件返还天数", "Days to return the old part"), required=False, min_value=0, max_value=3650,
        help_text=later("留空则不用返还", "Empty: it is not returned"),
    )  # fmt: skip
    active = forms.BooleanField(label=later("启用", "In use"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "price", "return_days", "active")}


class NewPartForm(PartForm):
    number = forms.CharField(label=later("备件号", "Part number"), max_length=80)
    field_order = ("number", "name")

    def clean_number(self) -> str:
        return without_slash(self.cleaned_data["number"])


class LocationForm(forms.Form):
    """Somewhere parts may lie."""

    key = forms.CharField(label=later("库位代码", "Key"), max_length=80)
    name = forms.CharField(label=later("名称", "Name"), max_length=200)
    kind = forms.ChoiceField(label=later("类型", "Kind"))
    engineer = PersonField(
        label=later("工程师（车载库）", "Engineer (of a van)"), required=False, max_length=200,
        help_text=later("工号或姓名", "Number or name"),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        Team.objects.all(), label=later("负责班组", "Team"), to_field_name="key", required=False, empty_label="—"
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field: Any = self.fields["kind"]
        field.choices = [(kind, said(kind, "filled_from")) for kind in LocationKind.values]

    @property
    def place(self) -> Place:
        given = self.cleaned_data
        return Place(given["key"], given["name"], given["kind"], given["engineer"], given["team"])


class StockForm(forms.Form):
    """Parts come in, go from one location to another, are counted, or get a minimum."""

    DOINGS = (
        ("receive", later("入库", "Receive")), ("transfer", later("调拨", "Transfer")), ("count", later("盘点", "Count")),
        ("minimum", later("设最低库存", "Set the minimum")),
    )  # fmt: skip
    what = forms.ChoiceField(label=later("做什么", "What"), choices=DOINGS)
    part = PartField(label=later("备件", "Part"), max_length=200, help_text=later("备件号或名称", "Number or name"))
    location = forms.ModelChoiceField(
        Location.objects.filter(active=True), label=later("库位", "Location"), to_field_name="key", empty_label="—"
    )
    target = forms.ModelChoiceField(
        Location.objects.filter(active=True), label=later("调入库位", "To"), to_field_name="key", required=False,
        empty_label=later("（仅调拨）", "(transfers only)"),
    )  # fmt: skip
    qty = forms.IntegerField(label=later("数量", "How many"), min_value=0, max_value=1_000_000)
    reason = forms.CharField(
        label=later("说明", "Why"), required=False, max_length=400,
        help_text=later("盘点有差异时必填", "Needed where a count differs"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("what") == "transfer" and not given.get("target"):
            self.add_error("target", t("请选择调入库位。", "Choose where they go."))
        return given


class AskForm(forms.Form):
    part = PartField(label=later("备件", "Part"), max_length=200)
    qty = forms.IntegerField(label=later("数量", "How many"), min_value=1, max_value=10_000, initial=1)


def initial_part(part: Part) -> dict[str, object]:
    return {
        "name": part.name, "price": major(part.price), "return_days": part.return_days, "active": part.active,
        "version": part.version,
    }  # fmt: skip
