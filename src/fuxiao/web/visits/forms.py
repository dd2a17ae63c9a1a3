"""Forms of visits: windows, reasons, arrival, what came of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms

from fuxiao.engine.schema import VISIT_OUTCOMES
from fuxiao.org.models import Person
from fuxiao.service.actions.files import Sent
from fuxiao.service.actions.visits import Came, Here, Moved, Slot
from fuxiao.service.models import Choice, FaultCode, ListKind, Mover
from fuxiao.web.desk.forms import PersonField
from fuxiao.web.org.forms import DayField
from fuxiao.web.shell.home import organisation
from fuxiao.web.templatetags.names import said
from fuxiao.web.words import language, later, t

PICTURE = "data:image/png;base64,"
LARGEST = 400_000
"""Signs of a signature's picture, as text."""
LATE = timedelta(days=3)
"""A form that a phone kept is believed about its moment for so long."""


class SlotForm(forms.Form):
    """Who is to come, on which day, between which times."""

    engineer = forms.ModelChoiceField(
        Person.objects.none(), label=later("工程师", "Engineer"), to_field_name="number", empty_label="—"
    )
    day = DayField(label=later("日期", "Day"))
    start = forms.TimeField(
        label=later("从", "From"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "900"})
    )
    end = forms.TimeField(
        label=later("到", "To"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "900"})
    )

    def __init__(self, engineers: Iterable[Person], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field: Any = self.fields["engineer"]
        field.queryset = engineers

    @property
    def slot(self) -> Slot:
        given, zone = self.cleaned_data, ZoneInfo(organisation().zone)
        day: date = given["day"]
        start, end = (datetime.combine(day, given[name], zone) for name in ("start", "end"))
        return Slot(given["engineer"], start, end)


class DiagnosisForm(forms.Form):
    """Whose diagnosis the visit rests on."""

    diagnosed_by = PersonField(
        label=later("故障由谁诊断", "Who made the diagnosis"), required=False,
        help_text=later("例如电话里判断的同事，写工号或姓名。误判会记给诊断的人；留空是上门工程师自己。",
                        "Say a colleague at the desk, by number or name. A misdiagnosis counts for them; empty is the engineer who goes."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PlanForm(DiagnosisForm, SlotForm):
    field_order = ("engineer", "day", "start", "end")


class MoveForm(SlotForm):
    why = forms.ChoiceField(label=later("改约原因方", "For whose sake"))
    reason = forms.CharField(label=later("说明", "Why"), required=False, max_length=400)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, engineers: Iterable[Person], *args: Any, **named: Any) -> None:
        super().__init__(engineers, *args, **named)
        field: Any = self.fields["why"]
        field.choices = [("", "—"), *((key, said(key, "visit_mover")) for key in Mover.values)]

    @property
    def moved(self) -> Moved:
        return Moved(self.cleaned_data["why"], self.cleaned_data["reason"])


class CallOffForm(forms.Form):
    reason = forms.CharField(label=later("取消原因", "Why"), max_length=400)


class SendingForm(forms.Form):
    """A form that a phone may keep and send later, once."""

    sending = forms.UUIDField(widget=forms.HiddenInput, required=False)
    happened_at = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=4_102_444_800)

    def happened(self, *, at: datetime) -> datetime | None:
        """When it really was, where the phone says so and may be believed."""
        seconds = self.cleaned_data.get("happened_at")
        told = datetime.fromtimestamp(seconds, ZoneInfo("UTC")) if seconds else None
        return told if told is not None and at - LATE <= told <= at else None


class ArriveForm(SendingForm):
    latitude = forms.DecimalField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    longitude = forms.DecimalField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    remember = forms.BooleanField(required=False)

    @property
    def here(self) -> Here | None:
        given = self.cleaned_data
        if given["latitude"] is None or given["longitude"] is None:
            return None
        return Here(round(given["latitude"], 5), round(given["longitude"], 5), given["remember"])


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files in one field; cleaned to a list."""

    widget = ManyFiles(attrs={"accept": "image/*", "capture": "environment", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(PhotosField, self).clean(each, initial) for each in data or () if each]


class LeaveForm(SendingForm):
    """What came of the visit."""

    outcome = forms.ChoiceField(label=later("结果", "Outcome"), widget=forms.RadioSelect)
    resolution_code = forms.ChoiceField(label=later("处理结果", "Resolution"), required=False)
    fault_code = forms.ModelChoiceField(
        FaultCode.objects.filter(active=True), label=later("故障代码", "Fault"), to_field_name="code", required=False,
        empty_label="—",
    )  # fmt: skip
    reason = forms.CharField(
        label=later("原因", "Reason"), required=False, max_length=400,
        help_text=later("未能进门、客户拒绝、判断有误时必填", "Needed for no access, refusal, wrong diagnosis"),
    )  # fmt: skip
    note = forms.CharField(
        label=later("做了什么", "What was done"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    travel_min = forms.DecimalField(
        label=later("路途分钟", "Minutes of travel"), required=False, min_value=0, max_value=1440, decimal_places=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    photos = PhotosField(label=later("照片", "Photos"), required=False)
    signed_by = forms.CharField(
        label=later("客户签名（姓名）", "Customer's name"), required=False, max_length=200,
        help_text=later("也可以在下面手写签名", "They may sign below as well"),
    )  # fmt: skip
    signature = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LARGEST)
    error_css_class: ClassVar[str] = "has-error"

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(key, said(key, "visit_outcome")) for key in VISIT_OUTCOMES]
        known = Choice.objects.filter(kind=ListKind.RESOLUTION_CODE, active=True)
        resolution: Any = self.fields["resolution_code"]
        resolution.choices = [("", "—"), *((each.key, getattr(each, language())) for each in known)]

    def clean_signature(self) -> bytes:
        text = str(self.cleaned_data["signature"])
        if not text:
            return b""
        try:
            return base64.b64decode(text.removeprefix(PICTURE), validate=True)
        except binascii.Error:
            raise forms.ValidationError(
                t("签名没有传完整，请重签。", "The signature is incomplete; sign again.")
            ) from None

    @property
    def came(self) -> Came:
        given = self.cleaned_data
        photos = tuple(Sent(file.name or "photo", file.chunks()) for file in given["photos"])
        names = ("outcome", "reason", "note", "travel_min", "resolution_code", "fault_code", "signed_by", "signature")
        return Came(photos=photos, **{name: given[name] for name in names})
