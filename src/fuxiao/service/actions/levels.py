"""Service levels changed on a page: what is promised to which cases from a day on, and who is touched by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.calendars import SERVICE_LEVELS
from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.files import replace_file
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.plain_yaml import flow
from fuxiao.core.case_life import row_of
from fuxiao.core.errors import Conflict
from fuxiao.core.service_level import Policy, amended, parse_policies, policy_for
from fuxiao.datasets import workers
from fuxiao.service import history
from fuxiao.service.actions.intake import contract_level
from fuxiao.service.actions.writing import promise, tell
from fuxiao.service.models import OPEN_STATES, Case
from fuxiao.service.terms import terms

HEAD = """\
# 服务级别：工作分钟。越具体的越优先（合同 > 工单类型 > 优先级）；工单自带时限时以工单为准。
# Service levels in business minutes. The most specific wins; a limit on the case itself comes before all of these.
policies:
"""
PROMISED = ("policy", "response_due_at", "resolution_due_at", "next_due_at", "warn_at")


@dataclass(frozen=True, slots=True)
class Touched:
    """An open case that is promised something else from now on."""

    case: Case
    before: Policy | None
    after: Policy | None


def digest_now() -> str:
    """Tells whether somebody changed the service levels meanwhile."""
    path = Path(settings.HOME) / SERVICE_LEVELS
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()[:16]


def touched(new: Policy, *, since: date) -> list[Touched]:
    """The open cases whose promise the change would make another; ``DefinitionError`` where it cannot stand."""
    return list(_touched(_with(new, since), since))


@transaction.atomic
def change_level(viewer: Viewer, new: Policy, *, since: date, digest: str, at: datetime) -> int:
    """Promise this from a day on; the open cases opened since then are promised it too. How many those are.

    ``Conflict`` where somebody changed service levels meanwhile, ``DefinitionError`` where it cannot stand.
    """
    require(viewer, Permission.DESK_WRITE)
    if digest_now() != digest:
        raise Conflict("desk.levels_changed")
    after = _with(new, since)
    before = policy_for(
        terms().policies, on=since, priority=new.priority, case_type=new.case_type, contract=new.contract
    )
    found = list(_touched(after, since))
    record(
        viewer, "desk.level_changed", kind="desk.level", key=new.key, label=new.key, at=at,
        old=_kept(before) if before else {}, new=_kept(new) | {"since": since.isoformat(), "cases": len(found)},
    )  # fmt: skip
    announce("desk.rules", at=at)
    replace_file(Path(settings.HOME) / SERVICE_LEVELS, text_of(after))
    for each in found:
        _promise_again(each, at=at)
    workers.ask("refresh_facts")
    return len(found)


def _with(new: Policy, since: date) -> tuple[Policy, ...]:
    """The policies with this one, read as the file would be, so that whatever is wrong is said."""
    after = amended(terms().policies, new, since=since)
    raw = load_exact(text_of(after))
    rows = raw["policies"] if isinstance(raw, Mapping) else []
    return parse_policies(rows, calendars=terms().works.keys())


def _touched(after: Sequence[Policy], since: date) -> Iterator[Touched]:
    """Of the open cases those that were opened since that day, and are promised something else."""
    found = terms()
    start = datetime.combine(since, time(), ZoneInfo(found.settings.zone))
    opened = Case.objects.filter(state__in=OPEN_STATES, opened_at__gte=start)
    for case in opened.select_related("owner", "customer", "device").order_by("id"):
        day = found.day(case.opened_at)
        contract = contract_level(case.customer, case.device, on=day)
        held = found.named(case.policy, opened_at=case.opened_at) if case.policy else None
        then = policy_for(
            after, on=day, priority=case.priority or None, case_type=case.case_type or None, contract=contract
        )
        if _promise(held) != _promise(then):
            yield Touched(case, held, then)


def _promise(policy: Policy | None) -> tuple[object, ...]:
    if policy is None:
        return ()
    return (policy.key, policy.calendar, policy.first_response_minutes, policy.resolution_minutes, policy.warning_share)


def _promise_again(each: Touched, *, at: datetime) -> None:
    case = Case.objects.select_for_update().get(pk=each.case.pk)
    events = [history.happened(event) for event in history.events_of(case)]
    case.policy = each.after.key if each.after else ""
    promise(case, events, row_of(events), at=at)
    case.save(update_fields=PROMISED)
    tell(case, at=at)


def text_of(policies: Sequence[Policy]) -> str:
    """The file of service levels; reading it gives these policies again."""
    return HEAD + "".join(f"  - {flow(plain(each))}\n" for each in policies)


def plain(policy: Policy) -> dict[str, object]:
    """What a policy says, without what it leaves open."""
    told = {each.name: getattr(policy, each.name) for each in fields(policy)}
    usual = {each.name: each.default for each in fields(policy)}
    return {name: value for name, value in told.items() if value is not None and value != usual[name]}


def _kept(policy: Policy) -> dict[str, object]:
    """The same as the audit trail keeps it."""
    return {name: value if isinstance(value, int) else str(value) for name, value in plain(policy).items()}
