"""The form of a report."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from fuxiao.core.errors import InputError
from fuxiao.performance.events.actions import Report
from fuxiao.performance.events.kinds import Kind
from fuxiao.web.editing import refuse
from fuxiao.web.events.presenters import EFFECTS, kind_word
from fuxiao.web.org.forms import DayField, PersonField
from fuxiao.web.words import later, t

FIELD = {
    "events.about_oneself": "person", "events.out_of_reach": "person", "events.unknown_kind": "kind",
    "events.in_future": "on", "events.period_closed": "on", "events.count": "count", "events.evidence_missing": "evidence",
    "events.case_out_of_reach": "case",
}  # fmt: skip
"""Where a refusal stands; at the top of the form for others."""


class ReportForm(forms.Form):
    """What happened, to whom, when, and how one knows."""

    person = PersonField(
        label=later("人员", "Person"), max_length=200, help_text=later("工号或姓名", "Number or name"),
        widget=forms.TextInput(attrs={"list": "people-known", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=later("事件", "Event"), help_text=later("现用考核方案里有的", "Those that the schemes in use know")
    )
    on = DayField(label=later("发生日", "Day it happened"))
    count = forms.DecimalField(label=later("次数", "How often"), max_digits=8, decimal_places=2, initial=1)
    evidence = forms.CharField(
        label=later("证据", "Evidence"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=later("记录编号、链接或在场的人；批准人凭它决定", "A record number, a link, who was there: what the approver decides by"),
    )  # fmt: skip
    case = forms.CharField(label=later("工单号（可选）", "Case number (optional)"), max_length=80, required=False)
    note = forms.CharField(label=later("说明（可选）", "Note (optional)"), max_length=2000, required=False)

    def __init__(self, data: Mapping[str, Any] | None, kinds: Mapping[str, Kind], **named: Any) -> None:
        super().__init__(data, **named)
        field: Any = self.fields["kind"]
        field.choices = [("", "")] + [
            (t(zh, en), [(code, kind_word(code, kinds)) for code, kind in kinds.items() if kind.effect == effect])
            for effect, (zh, en, _) in EFFECTS.items() if any(kind.effect == effect for kind in kinds.values())
        ]  # fmt: skip

    @property
    def given(self) -> Report:
        given = self.cleaned_data
        words = {name: given[name] for name in ("kind", "on", "evidence", "case", "note")}
        return Report(person=given["person"].number, count=Decimal(given["count"]), **words)

    def refuse(self, error: InputError) -> None:
        refuse(self, error, FIELD.get(error.code))
