"""Service levels on a page: what is promised to which cases from which day, and who is touched, before it is saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError
from fuxiao.core.service_level import Policy
from fuxiao.service.actions.levels import Touched, change_level, digest_now, touched
from fuxiao.service.models import Contract, ListKind
from fuxiao.service.terms import terms
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk import labels
from fuxiao.web.desk.forms import BLANK
from fuxiao.web.desk.reading import today
from fuxiao.web.editing import refuse
from fuxiao.web.org.forms import DayField
from fuxiao.web.org.labels import calendar_name
from fuxiao.web.words import later, t

NAMES = ("key", "calendar", "priority", "case_type", "contract", "first_response_minutes", "resolution_minutes")
SHOWN = 20
"""So many of the touched cases are listed."""


class LevelForm(forms.Form):
    """A promise: to which cases, how fast, in whose hours, from which day."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    key = forms.RegexField(
        r"^[\w-]{1,80}$", label=later("代码", "Key"), help_text=later("工单上记下的名字，字母、数字或汉字", "What cases name it by"),
        error_messages={"invalid": later("只用字母、数字、汉字、下划线和短横。", "Letters, digits, _ and - only.")},
    )  # fmt: skip
    calendar = forms.ChoiceField(label=later("按哪个日历计时", "Calendar"))
    priority = forms.ChoiceField(label=later("优先级", "Priority"), required=False)
    case_type = forms.ChoiceField(label=later("工单类型", "Case type"), required=False)
    contract = forms.ChoiceField(label=later("合同级别", "Contract level"), required=False)
    first_response_minutes = forms.IntegerField(
        label=later("首次响应（工作分钟）", "First response (business minutes)"),
        required=False,
        min_value=1,
        max_value=1_000_000,
    )
    resolution_minutes = forms.IntegerField(
        label=later("解决（工作分钟）", "Resolution (business minutes)"),
        required=False,
        min_value=1,
        max_value=1_000_000,
    )
    since = DayField(
        label=later("从哪天起", "From"),
        help_text=later("这天及以后受理的工单按新的承诺", "For cases opened on this day or later"),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = {
            "priority": labels.choices(ListKind.PRIORITY), "case_type": labels.choices(ListKind.CASE_TYPE),
            "contract": [(level, level) for level in _levels()],
        }  # fmt: skip
        for name, found in choices.items():
            known = {key for key, _ in found}
            held = sorted({str(getattr(each, name)) for each in terms().policies if getattr(each, name)} - known)
            self.fields[name].choices = BLANK + found + [(key, key) for key in held]  # type: ignore[attr-defined]
        self.fields["calendar"].choices = [(key, calendar_name(key)) for key in sorted(terms().works)]  # type: ignore[attr-defined]

    @property
    def policy(self) -> Policy:
        data: dict[str, Any] = {name: value or None for name, value in self.cleaned_data.items()}
        return Policy(**{name: data[name] for name in NAMES})


def _levels() -> list[str]:
    return list(Contract.objects.order_by("level").values_list("level", flat=True).distinct())


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def level(request: Request, place: int | None = None) -> HttpResponse:
    """Promise something else from a day on: first who is touched, then, when that is what is wanted, it is saved."""
    if place is not None and place >= len(terms().policies):
        raise Http404
    form = LevelForm(request.POST or None, initial=_initial(place))
    found: list[Touched] | None = None
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("sure"):
                return _saved(request, form)
            found = touched(form.policy, since=form.cleaned_data["since"])
        except Conflict as conflict:
            status = 409
            messages.error(request, say_error(conflict, words.language())[0])
        except FuxiaoError as refused:
            refuse(form, refused)
    context = {
        "form": form, "touched": found, "shown": (found or [])[:SHOWN], "digest": digest_now(), "place": place,
        "lasting": terms().policies,
    }  # fmt: skip
    return render(request, "desk/level.html", context, status=422 if form.errors else status)


def _saved(request: Request, form: LevelForm) -> HttpResponse:
    data = form.cleaned_data
    count = change_level(request.viewer, form.policy, since=data["since"], digest=data["version"], at=now())
    messages.success(
        request,
        t(
            "已保存；{n} 张未完成工单按新承诺计时。",
            "Saved; {n:open case is/open cases are} promised the new limits.",
            n=count,
        ),
    )
    return redirect("desk_rules")


def _initial(place: int | None) -> dict[str, object]:
    """The promise to be changed, from today on."""
    start: dict[str, object] = {"since": today(), "version": digest_now(), "calendar": terms().settings.calendar}
    if place is None:
        return start
    return start | {name: getattr(terms().policies[place], name) for name in NAMES}
