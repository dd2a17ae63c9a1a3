"""Forms of leave: days by halves, kind, whether they are paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from fuxiao.base.permissions import Viewer
from fuxiao.org.leave import granting
from fuxiao.org.leave_actions import Given
from fuxiao.org.models import Leave, Person
from fuxiao.web.org.forms import DayField
from fuxiao.web.org.labels import LABELS, LEAVE_KINDS
from fuxiao.web.words import later

PAID = {"": None, "yes": True, "no": False}


class AskForm(forms.Form):
    """What somebody asks for."""

    kind = forms.ChoiceField(label=LABELS["kind_of_leave"], choices=list(LEAVE_KINDS.items()))
    first = DayField(label=LABELS["first"])
    from_noon = forms.ChoiceField(
        label=later("第一天从", "The first day from"), required=False,
        choices=[("", later("上班起（整天）", "the morning")), ("noon", later("下午起（半天）", "noon (half a day)"))],
    )  # fmt: skip
    last = DayField(label=LABELS["last"], help_text=later("含这一天", "This day included"))
    to_noon = forms.ChoiceField(
        label=later("最后一天到", "The last day to"), required=False,
        choices=[("", later("下班止（整天）", "the evening")), ("noon", later("中午止（半天）", "noon (half a day)"))],
    )  # fmt: skip
    note = forms.CharField(label=LABELS["note"], required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def given(self) -> Given:
        told = self.cleaned_data
        return Given(
            told["kind"], told["first"], told["last"], from_noon=told["from_noon"] == "noon",
            to_noon=told["to_noon"] == "noon", paid=PAID[told.get("paid", "")], note=told["note"],
        )  # fmt: skip


class LeaveForm(AskForm):
    """What whoever grants it writes down."""

    paid = forms.ChoiceField(
        label=LABELS["paid"], required=False,
        choices=[("", later("按类别", "As usual for the kind")), ("yes", later("带薪", "Paid")), ("no", later("不带薪", "Unpaid"))],
        help_text=later("带薪的日子计入出勤；事假和其他默认不带薪", "Paid days count as attended; personal and other leave is unpaid unless you say so"),
    )  # fmt: skip
    field_order = ("person", "kind", "first", "from_noon", "last", "to_noon", "paid", "note")


class EnterForm(LeaveForm):
    """The same for somebody that the reader grants leave to."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=LABELS["person"], to_field_name="number", empty_label="—"
    )  # fmt: skip

    def __init__(self, viewer: Viewer, on: date, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        here = Q(left_on__isnull=True) | Q(left_on__gt=on)
        theirs = Person.objects.filter(here, granting(viewer, "", on=on))
        self.fields["person"].queryset = theirs.order_by("sort", "number")  # type: ignore[attr-defined]


def initial_leave(found: Leave) -> dict[str, object]:
    """The fields of a form as the leave has them."""
    return {
        "kind": found.kind, "first": found.first, "last": found.last, "from_noon": "noon" if found.from_noon else "",
        "to_noon": "noon" if found.to_noon else "", "paid": "yes" if found.paid else "no", "note": found.note,
        "version": found.version,
    }  # fmt: skip
