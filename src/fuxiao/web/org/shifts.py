"""The shift of a person: which calendar they work by, from which day."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.org.shifts import USUAL, put_on_shift, shifts_on
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.org.forms import DayField
from fuxiao.web.org.hours import known_calendars
from fuxiao.web.org.labels import calendar_name
from fuxiao.web.org.people import day, person_in_reach
from fuxiao.web.words import later, t


class ShiftForm(forms.Form):
    calendar = forms.ChoiceField(label=later("班次（工作日历）", "Shift (work calendar)"), required=False)
    since = DayField(
        label=later("从哪天起", "From"), help_text=later("之前的班次到这天为止", "The shift before ends there")
    )

    def __init__(self, keys: list[str], *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        field = cast("forms.ChoiceField", self.fields["calendar"])
        field.choices = [
            (USUAL, t("按公司日历", "By the organisation's calendar")),
            *((key, calendar_name(key)) for key in keys),
        ]


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def shift(request: Request, number: str) -> HttpResponse:
    """Another shift from a day on."""
    person, known = person_in_reach(request, number), known_calendars()
    held = shifts_on([person], day()).get(person.pk, USUAL)
    form = ShiftForm(sorted(known), request.POST or None, initial={"calendar": held, "since": day()})
    address = reverse("person", args=[number])

    def save() -> str:
        given = form.cleaned_data
        put_on_shift(request.viewer, number, given["calendar"], given["since"], known=known, at=now())
        return address

    above = [(reverse("people"), t("人员", "People")), (address, person.name)]
    return form_page(request, form, save, title=t("排班", "Shift"), crumbs=above)
