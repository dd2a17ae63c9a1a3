"""Work of a worker: a draft scheme played over past periods, its report kept with the version."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import task

from fuxiao.base.actions import announce_alone
from fuxiao.base.clock import now, today
from fuxiao.base.wording import LANGUAGES, say_error, say_issue
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.cycle import Step
from fuxiao.core.errors import FuxiaoError
from fuxiao.core.period import Period, PeriodKind, from_index, parse_period, period_of
from fuxiao.core.score import Scheme
from fuxiao.datasets.store import Store
from fuxiao.incentives.aside import closed_home, thawed
from fuxiao.incentives.compared import Replay
from fuxiao.incentives.past_cycles import Past, replay_cycles
from fuxiao.incentives.replay import Question, replay
from fuxiao.incentives.seals import rulings_of
from fuxiao.incentives.settling import read_plan_text
from fuxiao.metrics.extent import extent
from fuxiao.metrics.library import read_library
from fuxiao.metrics.models import RuleKind, RuleVersion
from fuxiao.metrics.rule_actions import note_trial
from fuxiao.metrics.rule_files import rule_text
from fuxiao.metrics.source import facts_in
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.decisions import parse_table, read_decisions, read_scheme_text
from fuxiao.performance.scoring import indicator_infos

logger = logging.getLogger("fuxiao.incentives")
CLOCKED = {"week": PeriodKind.WEEK, "month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "half": PeriodKind.HALF,
           "year": PeriodKind.YEAR}  # fmt: skip


@task()
def try_scheme(number: int, periods: int) -> bool:
    """Play the version over the last ``periods``; whether a report came of it. Problems are kept in words."""
    version = RuleVersion.objects.get(pk=number)
    try:
        with Store.open(settings.HOME) as store:
            found = _played(store, version, periods)
    except FuxiaoError as error:
        _end(number, {"stage": "failed", "problems": {lang: say_error(error, lang) for lang in LANGUAGES}})
        return False
    except Exception:
        logger.exception("trial failed")
        _end(number, {"stage": "failed", "problems": {}})
        raise
    _end(number, {"stage": "done", "done": True, "at": now().isoformat(), "result": plain_replay(found)})
    return True


def _played(store: Store, version: RuleVersion, periods: int) -> Replay:
    """Over the cycles that were closed, each with its own data and people; before there are any, over past periods."""
    asked = _question(store, version, periods)

    def tell(done: int, whole: int) -> None:
        _tell(version.pk, done, whole)

    pasts = past_cycles(store, version.key, asked.new, periods)
    if not pasts:
        return replay(store, asked, progress=tell)
    return replay_cycles(pasts, asked.new, library=asked.library, plan=asked.plan, progress=tell)


def past_cycles(store: Store, key: str, scheme: Scheme, count: int) -> list[Past]:
    """The closed cycles of the last ``count`` periods under the scheme of this key, oldest first.

    Without any, those of the same length under a scheme that shares a role with this one: what it would replace.
    """
    closed = Cycle.objects.filter(as_of__isnull=False, calculation__gt=0).defer("basis").order_by("-period", "id")
    fitting = [cycle for cycle in closed if cycle.kind.value == scheme.cycle]
    found = [each for each in fitting if each.scheme == key] or [
        each for each in fitting if _roles(each.scheme_text) & set(scheme.roles)
    ]
    periods = sorted({each.period for each in found}, key=_start)[-count:]
    return [
        _past(store, each) for each in sorted(found, key=lambda c: (_start(c.period), c.pk)) if each.period in periods
    ]


def _start(key: str) -> date:
    return parse_period(key).start


def _roles(text: str) -> set[str]:
    raw = parse_table(text, "scheme")
    roles = raw.get("roles") if isinstance(raw, Mapping) else None
    return set(roles) if isinstance(roles, Mapping) else set()


def _past(store: Store, cycle: Cycle) -> Past:
    definitions, records = thawed(cycle.basis)
    as_of = cycle.as_of or cycle.opened_at
    return Past(
        period=parse_period(cycle.period), scheme=cycle.scheme_text, as_of=as_of,
        home=closed_home(store, definitions, records, cut_off=as_of),
        people=frozenset(cycle.members.values_list("person", flat=True)), rulings=rulings_of(cycle.rulings),
        sealed=cycle.at is Step.SEALED,
    )  # fmt: skip


def _tell(number: int, done: int, whole: int) -> None:
    note_trial(number, {"stage": "running", "step": done, "steps": whole})
    announce_alone("rules.trials", at=now())


def _end(number: int, report: dict[str, Any]) -> None:
    note_trial(number, report)
    announce_alone("rules.trials", at=now())


def _question(store: Store, version: RuleVersion, count: int) -> Question:
    library = read_library(
        store.home / "indicators", tables=facts_in(store).declared, currency=store.settings.currency
    ).indicators
    infos = indicator_infos(library)
    new = read_scheme_text(version.text, infos)
    held = rule_text(store.home, RuleKind.SCHEME, version.key)
    old: Scheme | None = None
    if held:
        old = read_scheme_text(held, infos)
    return Question(
        new=new, old=old, periods=_periods(store, new, count), plan=plan_for(store.home, version.key, new),
        library=library, decisions=read_decisions(store.home), as_of=now(),
    )  # fmt: skip


def _periods(store: Store, scheme: Scheme, count: int) -> list[Period]:
    """The last whole periods up to that of the last case, oldest first; none before there are cases."""
    days = extent(store)
    if days is None:
        return []
    kind = CLOCKED[scheme.cycle]
    whole, latest = period_of(kind, today(store.settings.zone)).previous(), period_of(kind, days[1])
    last = min(whole, latest, key=lambda period: period.start)
    return [from_index(kind, at) for at in range(last.index - count + 1, last.index + 1)]


def plan_for(home: Path, key: str, scheme: Scheme) -> Plan | None:
    """The plan that pays by this scheme: of the same name, else the first that knows one of its roles."""
    files = sorted((home / "plans").glob("*.yaml"), key=lambda path: (path.stem != key, path.name))
    for path in files:
        plan = read_plan_text(path.read_text(encoding="utf-8-sig"))
        if path.stem == key or set(plan.roles) & set(scheme.roles):
            return plan
    return None


def plain_replay(found: Replay) -> dict[str, Any]:
    """The report as it is kept: numbers as text, exactly; derived figures beside them."""
    made: dict[str, Any] = json.loads(json.dumps({**asdict(found), "unpaid": None}, default=_plain))
    for row, change in zip(made["people"], found.people, strict=True):
        row |= {"score": _plain(change.score), "amount": _plain(change.amount), "way": change.way}
    if found.unpaid is not None:
        made["unpaid"] = {lang: say_issue(found.unpaid, lang) for lang in LANGUAGES}
    return made


def _plain(value: object) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
