"""Pages of quality checks: who was drawn and what is done, the form of a check, one check, checkers compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError, InputError
from fuxiao.core.period import PeriodKind, parse_period, period_of
from fuxiao.core.quality import agreement
from fuxiao.core.score.calibration import rater_level
from fuxiao.org.models import Person
from fuxiao.org.queries import people
from fuxiao.service.actions import checks as actions
from fuxiao.service.models import Case, Check, Draw, Rubric, Sampling
from fuxiao.service.queries.complaints import checks_in_reach
from fuxiao.service.terms import terms
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.reading import case_or_404, today
from fuxiao.web.editing import refuse
from fuxiao.web.pages import page_of, whole
from fuxiao.web.voice.exporting import export_checks, wants_file
from fuxiao.web.voice.words import CRITICAL
from fuxiao.web.words import language, t

USUAL = 3
"""Cases drawn for a person and month, where nobody says another number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's month: what could be drawn, what was, and how much of it is checked."""

    person: Person
    among: int
    draw: Draw | None
    done: int


@dataclass(frozen=True, slots=True)
class Rater:
    """One checker beside all of them together: the mean mark, and agreement in the checks made twice."""

    name: str
    checks: int
    mean: Decimal
    away: Decimal
    twice: int
    share: Fraction | None

    @property
    def percent(self) -> str:
        return "" if self.share is None else f"{float(self.share) * 100:.0f}%"


@allowed(Permission.CHECKS_READ)
@require_GET
def checks(request: Request) -> HttpResponse:
    """The checks in reach; for whoever draws, the month's people, and the checkers compared."""
    month = _month(request.GET.get("month", ""))
    viewer, found = request.viewer, checks_in_reach(request.viewer)
    if wants_file(request):
        return export_checks(request, found)
    draws = viewer.may(Permission.CHECKS_WRITE) and not viewer.read_only
    compares = viewer.may(Permission.CHECKS_WRITE) or viewer.sees_all
    context = {
        "page": page_of(request, found), "month": month, "draws": draws, "lines": _lines(month) if draws else (),
        "raters": raters(Check.objects.select_related("again")) if compares else (), "usual": USUAL,
        "months": _months(month), "may_build": viewer.may(Permission.DESK_WRITE), "critical": dict(CRITICAL),
        "has_rubric": Rubric.objects.filter(active=True).exists(),
    }  # fmt: skip
    return render(request, "voice/checks.html", context)


def _month(asked: str) -> str:
    try:
        found = parse_period(asked)
    except FuxiaoError:
        found = period_of(PeriodKind.MONTH, today())
    return found.key if found.kind is PeriodKind.MONTH else period_of(PeriodKind.MONTH, today()).key


def _months(month: str) -> tuple[str, str]:
    period = parse_period(month)
    return period.previous().key, period.next().key


def _lines(month: str) -> list[Line]:
    """Everybody who resolved something in the month. Four queries, whatever the number of people."""
    start, end = parse_period(month).bounds(terms().settings.zone)
    resolved = Case.objects.filter(
        resolved_at__gte=start, resolved_at__lt=end, is_test=False, duplicate_of__isnull=True, owner__isnull=False
    ).values_list("owner_id", "number")  # fmt: skip
    among: dict[int, int] = {}
    for owner, _ in resolved:
        among[owner] = among.get(owner, 0) + 1
    drawn = {draw.person_id: draw for draw in Draw.objects.filter(month=month).select_related("person")}
    numbers = [number for draw in drawn.values() for number in draw.drawn]
    done = set(
        Check.objects.filter(case__number__in=numbers, again__isnull=True).values_list("person_id", "case__number")
    )
    found = Person.objects.filter(pk__in={*among, *drawn}).order_by("sort", "number")
    return [
        Line(person, among.get(person.pk, 0), draw, sum((person.pk, number) in done for number in draw.drawn) if draw else 0)
        for person in found for draw in [drawn.get(person.pk)]
    ]  # fmt: skip


def raters(found: Iterable[Check]) -> list[Rater]:
    """How strict each checker is beside all together, and how far they agree where a check was made twice."""
    given: dict[str, list[Decimal]] = {}
    pairs: dict[str, list[tuple[Mapping[str, bool | None], Mapping[str, bool | None]]]] = {}
    for check in found:
        given.setdefault(check.checker_name, []).append(check.score)
        if check.again is not None:
            for name in (check.checker_name, check.again.checker_name):
                pairs.setdefault(name, []).append((check.marks, check.again.marks))
    if not given:
        return []
    overall = rater_level([score for scores in given.values() for score in scores])
    rows = []
    for name, scores in sorted(given.items()):
        level, same = rater_level(scores), agreement(pairs.get(name, ()))
        rows.append(Rater(
            name, len(scores), round(level.mean, 1), round(level.mean - overall.mean, 1), same.checks, same.share
        ))  # fmt: skip
    return rows


@allowed(Permission.CHECKS_WRITE)
@require_POST
def draw(request: Request) -> HttpResponse:
    """Draw the cases of one person, or of everybody who has none yet."""
    month, count = _month(request.POST.get("month", "")), max(1, min(50, whole(request.POST.get("count", ""), USUAL)))
    wanted = request.POST.get("person", "")
    chosen = [line.person for line in _lines(month) if line.draw is None and wanted in ("", line.person.number)]
    try:
        for person in chosen:
            actions.draw(request.viewer, month, person, count=count, at=now())
    except InputError as refused:
        messages.error(request, say_error(refused, words.language())[0])
    else:
        messages.success(request, t("已为 {n} 人抽样。", "Drawn for {n:person/people}.", n=len(chosen)))
    return redirect(f"/checks/?month={month}")


@allowed(Permission.CHECKS_READ)
@require_GET
def drawn(request: Request, number: int) -> HttpResponse:
    """One draw with its seed: enough to repeat it."""
    found = get_object_or_404(Draw.objects.select_related("person"), pk=number)
    mine = request.viewer.person == found.person.number
    if not (mine or request.viewer.may(Permission.CHECKS_WRITE) or _leads(request, found.person)):
        raise Http404
    made = {each.case.number: each for each in checks_in_reach(request.viewer).filter(case__number__in=found.drawn)}
    rows = [(case, made.get(case)) for case in found.drawn]
    return render(request, "voice/drawn.html", {"draw": found, "rows": rows})


def _leads(request: Request, person: Person) -> bool:
    return people(request.viewer, on=today(), anybody=True).filter(pk=person.pk).exists()


class CheckForm(forms.Form):
    """Every criterion of a rubric: met, not met, or it does not apply."""

    comment = forms.CharField(label="", required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, rubric: Rubric, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["comment"].label = t("评语", "Remarks")
        choices = [("1", t("符合", "Met")), ("0", t("不符合", "Not met")), ("na", t("不适用", "N/A"))]
        kinds = {key: str(word) for key, word in CRITICAL if key}
        for each in rubric.criteria:
            name = each["en"] if language() == "en" and each.get("en") else each["zh"]
            help_text = t("权重 {w}", "weight {w}", w=each["weight"]) + (
                f" · {kinds[each['critical']]}" if each["critical"] else ""
            )
            self.fields[f"c-{each['key']}"] = forms.ChoiceField(
                label=name, choices=choices, widget=forms.RadioSelect, help_text=help_text,
                error_messages={"required": t("请选择一项。", "Choose one.")},
            )  # fmt: skip
        self.order_fields([*(f"c-{each['key']}" for each in rubric.criteria), "comment"])

    @property
    def marks(self) -> dict[str, bool | None]:
        read = {"1": True, "0": False, "na": None}
        return {name[2:]: read[value] for name, value in self.cleaned_data.items() if name.startswith("c-")}


@allowed(Permission.CHECKS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request, number: str) -> HttpResponse:
    """Check a case: at random if it was drawn, else on purpose, with the reason."""
    case = case_or_404(request, number)
    rubric = _rubric(request)
    if rubric is None or case.owner is None:
        messages.error(
            request, t("先建评分表，且工单要有责任人。", "There must be a rubric, and the case needs an owner.")
        )
        return redirect("checks")
    random = actions.is_drawn(case, case.owner)
    found = {"rubric": rubric, "person": case.owner, "sampling": Sampling.RANDOM if random else Sampling.TARGETED}
    return _form(request, case, found, asks_reason=not random)


def _newest() -> list[Rubric]:
    """The newest version of each rubric in use."""
    found: dict[str, Rubric] = {}
    for each in Rubric.objects.filter(active=True).order_by("key", "-version"):
        found.setdefault(each.key, each)
    return list(found.values())


def _rubric(request: Request) -> Rubric | None:
    """The rubric chosen, else the first."""
    key, found = request.GET.get("rubric", ""), _newest()
    return next((each for each in found if not key or each.key == key), None)


@allowed(Permission.CHECKS_WRITE)
@require_http_methods(["GET", "POST"])
def again(request: Request, number: str) -> HttpResponse:
    """Check a case that a colleague checked, without seeing what they found."""
    first = get_object_or_404(checks_in_reach(request.viewer).filter(again__isnull=True), number=number)
    found = {"rubric": first.rubric, "person": first.person, "sampling": Sampling(first.sampling), "again": first}
    return _form(request, first.case, found | {"reason": first.reason}, asks_reason=False)


def _form(request: Request, case: Case, found: dict[str, Any], *, asks_reason: bool) -> HttpResponse:
    form = CheckForm(found["rubric"], request.POST or None)
    reason = request.POST.get("reason", "") if asks_reason else found.get("reason", "")
    if request.method == "POST" and form.is_valid():
        asked = actions.Found(
            **found | {"marks": form.marks, "comment": form.cleaned_data["comment"], "reason": reason}
        )
        try:
            made = actions.check(request.viewer, case, asked, at=now())
        except FuxiaoError as refused:
            refuse(form, refused)
        else:
            messages.success(request, t("已保存，得分 {score}。", "Saved: {score:point/points}.", score=made.score))
            return redirect("check", made.number)
    context = {
        "form": form, "case": case, "rubric": found["rubric"], "person": found["person"], "asks_reason": asks_reason,
        "reason": reason, "again": found.get("again"),
        "others": [] if found.get("again") else _newest(),
    }  # fmt: skip
    return render(request, "voice/check_form.html", context, status=422 if form.errors else 200)


@allowed(Permission.CHECKS_READ)
@require_GET
def check(request: Request, number: str) -> HttpResponse:
    """One check with every mark."""
    made = get_object_or_404(checks_in_reach(request.viewer), number=number)
    rows = [
        (each["en"] if language() == "en" and each.get("en") else each["zh"], each["weight"], each["critical"],
         made.marks.get(each["key"]))
        for each in made.rubric.criteria
    ]  # fmt: skip
    viewer = request.viewer
    twice = viewer.may(Permission.CHECKS_WRITE) and made.again_id is None and made.checker_name != viewer.name
    same = Q(again=made) | Q(pk=made.again_id)
    context = {
        "made": made, "rows": rows, "twice": twice and not viewer.read_only, "critical": dict(CRITICAL),
        "others": list(checks_in_reach(viewer).filter(same).order_by("number")),
    }  # fmt: skip
    return render(request, "voice/check.html", context)
