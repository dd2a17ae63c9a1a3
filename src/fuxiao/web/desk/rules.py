"""Rules of the desk: who gets which case, what happens when time runs out, who can do what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.core.errors import InputError
from fuxiao.org.models import Team
from fuxiao.org.queries import open_teams
from fuxiao.service.actions.setting_up import remove_rule, save_rule, set_skills, set_visited
from fuxiao.service.models import AssignmentRule, Category, Choice, EscalationRule, ListKind, Product, Skill
from fuxiao.service.terms import terms
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk import labels
from fuxiao.web.desk.forms import BLANK, Pick
from fuxiao.web.desk.people import known_people, person_named
from fuxiao.web.desk.reading import today
from fuxiao.web.words import later, t


class RuleForm(forms.Form):
    """What both kinds of rules have."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    name = forms.CharField(label=later("名称", "Name"), max_length=120)
    order = forms.IntegerField(
        label=later("顺序（小的先看）", "Order (small ones first)"), min_value=0, max_value=9999, initial=100
    )
    priority = forms.ChoiceField(label=later("优先级", "Priority"), required=False)
    active = forms.BooleanField(label=later("启用", "In use"), required=False, initial=True)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, kind in (
            ("priority", ListKind.PRIORITY),
            ("case_type", ListKind.CASE_TYPE),
            ("region", ListKind.REGION),
        ):
            if name in self.fields:
                self.fields[name].choices = BLANK + labels.choices(kind)  # type: ignore[attr-defined]
        for name in ("team", "escalate_to"):
            if name in self.fields:
                self.fields[name].queryset = open_teams()  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class AssignmentForm(RuleForm):
    """Cases that fit go to a team, and to whoever of it has least in hand."""

    case_type = forms.ChoiceField(label=later("工单类型", "Case type"), required=False)
    category = Pick(Category.objects.all(), label=later("类别", "Category"), required=False)
    product = Pick(Product.objects.all(), label=later("产品", "Product"), required=False)
    region = forms.ChoiceField(label=later("区域", "Region"), required=False)
    team = Pick(Team.objects.none(), label=later("分给班组", "To the team"))
    pick = forms.BooleanField(
        label=later("直接派给在手最少的人（不勾选则留在班组队列）", "Give to whoever has least in hand (else it stays in the queue)"),
        required=False, initial=True,
    )  # fmt: skip
    skill = forms.CharField(label=later("要求技能", "Skill needed"), max_length=80, required=False)


class EscalationForm(RuleForm):
    """What happens when a promise is about to be missed, or is missed."""

    clock = forms.ChoiceField(label=later("时限", "Limit"), choices=(
        ("first_response", later("首次响应", "First response")), ("resolution", later("解决", "Resolution")),
    ))  # fmt: skip
    missed = forms.TypedChoiceField(
        label=later("什么时候", "When"), coerce=lambda value: value == "True",
        choices=(("False", later("预警时", "at the warning")), ("True", later("超时后", "when it is missed"))),
    )  # fmt: skip
    tell_owner = forms.BooleanField(label=later("通知责任人", "Tell the owner"), required=False, initial=True)
    tell_lead = forms.BooleanField(label=later("通知班组长", "Tell the team lead"), required=False)
    escalate_to = Pick(Team.objects.none(), label=later("升级到班组", "Escalate to the team"), required=False)


KINDS: dict[str, tuple[type[AssignmentRule] | type[EscalationRule], type[RuleForm], Any]] = {
    "assign": (AssignmentRule, AssignmentForm, later("分派规则", "Rule of assignment")),
    "escalate": (EscalationRule, EscalationForm, later("升级规则", "Rule of escalation")),
}


@allowed(Permission.DESK_WRITE)
@require_GET
def rules(request: Request) -> HttpResponse:
    """Every rule in the order in which they are asked, the service levels, and who can do what."""
    skills: dict[str, list[str]] = {}
    for number, name, skill in Skill.objects.order_by("person__sort", "name").values_list(
        "person__number", "person__name", "name"
    ):
        skills.setdefault(f"{number} {name}", []).append(skill)
    return render(request, "desk/rules.html", {
        "assignment": AssignmentRule.objects.select_related("team", "category", "product"),
        "words": {kind.value: labels.words_of(kind) for kind in (ListKind.CASE_TYPE, ListKind.REGION, ListKind.PRIORITY)},
        "escalation": EscalationRule.objects.select_related("escalate_to"), "policies": terms().policies,
        "skills": skills.items(), "people": known_people(on=today()),
        "case_types": Choice.objects.filter(kind=ListKind.CASE_TYPE, active=True).values_list(
            "key", "zh" if words.language() == "zh" else "en", "visits"
        ),
    })  # fmt: skip


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def rule(request: Request, kind: str, number: int = 0) -> HttpResponse:
    """Make or change a rule."""
    if kind not in KINDS:
        raise InputError("desk.what", choices=tuple(KINDS))
    model, form_class, title = KINDS[kind]
    found: Any = get_object_or_404(model, pk=number) if number else model()
    start = (
        {name: getattr(found, f"{name}_id", None) or getattr(found, name, None) for name in form_class.base_fields}
        if number
        else None
    )
    form = form_class(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        save_rule(request.viewer, found, form.given, version=form.cleaned_data["version"], at=now())
        messages.success(request, t("已保存。", "Saved."))
        return redirect("desk_rules")
    context = {"form": form, "title": title, "kind": kind, "number": number}
    return render(request, "desk/rule.html", context, status=422 if form.errors else 200)


@allowed(Permission.DESK_WRITE)
@require_POST
def rule_removed(request: Request, kind: str, number: int) -> HttpResponse:
    """A rule goes."""
    if kind not in KINDS:
        raise InputError("desk.what", choices=tuple(KINDS))
    found: Any = get_object_or_404(KINDS[kind][0], pk=number)
    remove_rule(request.viewer, found, at=now())
    messages.success(request, t("已删除。", "Removed."))
    return redirect("desk_rules")


@allowed(Permission.DESK_WRITE)
@require_POST
def visited(request: Request) -> HttpResponse:
    """For which case types somebody may have to go there."""
    set_visited(request.viewer, frozenset(request.POST.getlist("type")), at=now())
    messages.success(request, t("已保存。", "Saved."))
    return redirect("desk_rules")


@allowed(Permission.DESK_WRITE)
@require_POST
def skills(request: Request) -> HttpResponse:
    """What somebody can do."""
    person = person_named(request.POST.get("person", ""))
    names = frozenset(
        name.strip()[:80] for name in request.POST.get("skills", "").replace("，", ",").split(",") if name.strip()
    )
    set_skills(request.viewer, person, names, at=now())
    messages.success(request, t("已保存。", "Saved."))
    return redirect("desk_rules")
