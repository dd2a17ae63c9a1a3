"""Pages of targets: what holds for whom, a new one, proposals from own history, and going back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.core.period import parse_period
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_files import TARGETS
from fuxiao.metrics.rule_queries import find_rule
from fuxiao.org import queries as org
from fuxiao.performance import target_actions
from fuxiao.performance.figures import months_before
from fuxiao.performance.proposing import propose_targets
from fuxiao.performance.roster import read_roster
from fuxiao.performance.target_actions import Row, target_rows
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.cuts import PERSON, TEAM, Cut, Subject
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.metrics.wording import formats
from fuxiao.web.org.positions import known_positions, position_code
from fuxiao.web.schemes.sent import number_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.targets.presenters import LEVELS, beyond, lines, offers
from fuxiao.web.words import language, t

NUMBERS = ("floor", "target", "stretch")
MONTHS = 12


@allowed(Permission.RULES_READ)
@require_http_methods(["GET", "POST"])
def targets(request: Request) -> HttpResponse:
    """All targets; a new one is checked, warned of where the process cannot reach it, and kept as a version."""
    day, problem, warning = today(organisation().zone), list[str](), ""
    with desk(request) as at:
        rule = find_rule(settings.HOME, RuleKind.TARGETS, TARGETS)
        sent: Mapping[str, str] = request.POST.dict() if request.method == "POST" else request.GET.dict()
        if request.method == "POST":
            row = _row(sent)
            indicator = at.library.get(str(row.get("indicator", "")))
            warning = beyond(at, indicator, row, at.picker(""))
            if not warning or sent.get("anyway"):
                try:
                    target_actions.set_target(
                        request.viewer, settings.HOME, row, names=_names(at.library), token=sent.get("token", ""),
                        today=day, at=now(),
                    )  # fmt: skip
                except (InputError, DefinitionError) as refused:
                    problem = [line.strip() for line in say_error(refused, language())]
                else:
                    messages.success(request, t("已保存；相关人员会收到通知。", "Saved; those concerned are told."))
                    return redirect("targets")
        context = _context(request, at, day) | {
            "rule": rule, "problem": problem, "warning": warning, "sent": sent, "lines": lines(target_rows(settings.HOME), at, day),
        }  # fmt: skip
    return render(request, "targets/targets.html", context, status=422 if problem or warning else 200)


@allowed(Permission.RULES_WRITE)
@require_GET
def propose(request: Request) -> HttpResponse:
    """Targets proposed for the next month from own history and benchmark, each with its picture and its reasons."""
    day = today(organisation().zone)
    month = parse_period(f"{day:%Y-%m}")
    by = request.GET.get("by", "role")
    with desk(request) as at:
        indicator = at.library.get(request.GET.get("indicator") or "FTF")
        by = by if by in ("role", TEAM) else "role"
        roster = read_roster(at.store, month.previous()) if by == "role" else None
        found = propose_targets(at.store, [indicator], month.next(), by=by, roster=roster, as_of=day)
        before = months_before(month, MONTHS)
        table = at.values([indicator], Cut(Subject(), PERSON if by == "role" else TEAM), before[0], before[-1])
        roles = {who: member.role for who, member in roster.members.items()} if roster else {}
        histories = _histories(table, roles, [period.key for period in before])
        made = list(offers(found, at, indicator, histories, [formats().tick(period) for period in before]))
        context = _context(request, at, day) | {
            "offers": made, "by": by, "indicator": indicator, "name": indicator.name[language()], "month": month.next().start,
            "rule": find_rule(settings.HOME, RuleKind.TARGETS, TARGETS),
        }  # fmt: skip
    return render(request, "targets/propose.html", context)


@allowed(Permission.RULES_WRITE)
@require_POST
def end(request: Request, place: int) -> HttpResponse:
    """End a target today."""
    with desk(request) as at:
        names = _names(at.library)
    target_actions.end_target(
        request.viewer, settings.HOME, place, names=names, token=request.POST.get("token", ""),
        today=today(organisation().zone), at=now(), reason=t("停用目标", "target ended"),
    )  # fmt: skip
    messages.success(request, t("已停用；可以从版本里恢复。", "Ended; the version before can be restored."))
    return redirect("targets")


@allowed(Permission.RULES_WRITE)
@require_POST
def restore(request: Request, number: int) -> HttpResponse:
    """Have the targets of an earlier version hold again."""
    target_actions.restore_targets(
        request.viewer, settings.HOME, number, token=request.POST.get("token", ""), today=today(organisation().zone),
        at=now(), reason=t("恢复第 {n} 版", "version {n} restored", n=number),
    )  # fmt: skip
    messages.success(request, t("已恢复第 {n} 版的目标。", "The targets of version {n} hold again.", n=number))
    return redirect("targets")


def _row(sent: Mapping[str, str]) -> Row:
    """A row of the table from the form; what is no number stays a text, and is refused as one."""
    level, subject = sent.get("level", "role"), sent.get("subject", "").strip()
    row: Row = {"indicator": sent.get("indicator", "").partition(" ")[0]}
    if level in LEVELS and subject:
        row[level] = position_code(subject) if level == "role" else _key(level, subject)
    row |= {name: number_of(sent[name].strip()) for name in NUMBERS if sent.get(name, "").strip()}
    for name in ("valid_from", "valid_to"):
        row |= {name: _day(sent[name])} if sent.get(name) else {}
    return row | {"reason": sent.get("reason", "").strip()}


def _key(level: str, text: str) -> str:
    """The key of a team or person that was written by name."""
    names = (
        {team.name: team.key for team in org.teams()}
        if level == TEAM
        else {name: number for number, name, _ in org.directory()}
    )
    return names.get(text, text)


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _histories(table: Any, roles: Mapping[str, str], keys: list[str]) -> dict[str, list[Decimal | None]]:
    """Months of each team; of roles the sums of their people, never a mean of means."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for value in table:
        subject = roles.get(value.subject, "") if roles else value.subject
        if value.value is None or not subject:
            continue
        weight = value.denominator if roles and value.denominator else Decimal(1)
        cell = sums.setdefault((subject, value.period), [Decimal(0), Decimal(0)])
        cell[0] += value.value * weight
        cell[1] += weight
    subjects = dict.fromkeys(subject for subject, _ in sums)
    return {s: [sums[s, key][0] / sums[s, key][1] if (s, key) in sums else None for key in keys] for s in subjects}


def _context(request: Request, at: Desk, day: date) -> dict[str, Any]:
    return {
        "may_write": request.viewer.may(Permission.RULES_WRITE), "today": day,
        "next_month": parse_period(f"{day:%Y-%m}").next().start,
        "indicators": [(each.code, each.name[language()]) for each in at.library],
        "levels": [(code, t(*words)) for code, words in LEVELS.items()],
        "subjects": [*known_positions(), *(team.name for team in org.teams())],
    }  # fmt: skip


def _names(library: Iterable[Indicator]) -> dict[str, Mapping[str, str]]:
    return {each.code: each.name for each in library}
