"""Reads service level policies from plain data and lists everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from fuxiao.core import span
from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.core.service_level.policy import Policy

FIELDS = tuple(item.name for item in fields(Policy))
MOST_MINUTES = 10 * 366 * 24 * 60


def parse_policies(
    raw: Iterable[Mapping[str, object]], *, calendars: Collection[str], where: str = "policies"
) -> tuple[Policy, ...]:
    """Policies from plain data, or a ``DefinitionError`` with all issues.

    ``calendars`` are the keys that exist. Two policies with the same selectors must not hold on a common day, nor two
    with the same key.
    """
    reader = _Reader(calendars)
    policies = [reader.policy(f"{where}[{place}]", row) for place, row in enumerate(raw)]
    if not reader.issues:
        reader.check_overlaps(where, policies)
    if reader.issues:
        raise DefinitionError("service_level", reader.issues)
    return tuple(policies)


@dataclass(slots=True)
class _Reader:
    calendars: Collection[str]
    issues: list[Issue] = field(default_factory=list)

    def policy(self, where: str, row: Mapping[str, object]) -> Policy:
        for name in row:
            if name not in FIELDS:
                self.report(f"{where}.{name}", "field.unknown", near=tuple(did_you_mean(str(name), FIELDS)))
        policy = Policy(
            key=self.required(where, row, "key"),
            calendar=self.calendar(where, row),
            priority=self.text(row, "priority"),
            case_type=self.text(row, "case_type"),
            contract=self.text(row, "contract"),
            first_response_minutes=self.minutes(where, row, "first_response_minutes"),
            resolution_minutes=self.minutes(where, row, "resolution_minutes"),
            valid_from=self.date(where, row, "valid_from"),
            valid_to=self.date(where, row, "valid_to"),
            warning_share=self.share(where, row),
        )
        self.check_policy(where, policy)
        return policy

    def report(self, where: str, code: str, **params: object) -> None:
        self.issues.append(Issue(where, code, params))

    def text(self, row: Mapping[str, object], name: str) -> str | None:
        """A selector as text; priorities such as 1 are often written as numbers."""
        value = row.get(name)
        return None if value is None else str(value).strip() or None

    def required(self, where: str, row: Mapping[str, object], name: str) -> str:
        value = self.text(row, name)
        if value is None:
            self.report(f"{where}.{name}", "field.missing")
        return value or ""

    def calendar(self, where: str, row: Mapping[str, object]) -> str:
        name = self.required(where, row, "calendar")
        if name and name not in self.calendars:
            near = tuple(did_you_mean(name, self.calendars))
            self.report(f"{where}.calendar", "calendar.unknown", calendar=name, near=near)
        return name

    def minutes(self, where: str, row: Mapping[str, object], name: str) -> int | None:
        value = row.get(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_MINUTES:
            return value
        self.report(f"{where}.{name}", "service_level.minutes_bad", value=str(value))
        return None

    def date(self, where: str, row: Mapping[str, object], name: str) -> date | None:
        value = row.get(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.report(f"{where}.{name}", "field.date_bad", value=str(value))
            return None

    def share(self, where: str, row: Mapping[str, object]) -> Decimal:
        value = row.get("warning_share", "0.8")
        try:
            share = Decimal(str(value))
        except InvalidOperation:
            share = Decimal(-1)
        # A NaN compares to nothing, so finiteness is asked first.
        if not (share.is_finite() and 0 < share <= 1):
            self.report(f"{where}.warning_share", "service_level.share_bad", value=str(value))
        return share

    def check_policy(self, where: str, policy: Policy) -> None:
        if policy.valid_from and policy.valid_to and policy.valid_from >= policy.valid_to:
            self.report(where, "span.backwards", valid_from=policy.valid_from, valid_to=policy.valid_to)
        if policy.first_response_minutes is None and policy.resolution_minutes is None:
            self.report(where, "service_level.promises_nothing")

    def check_overlaps(self, where: str, policies: list[Policy]) -> None:
        place = {id(policy): f"{where}[{index}]" for index, policy in enumerate(policies)}
        for first, second in span.overlaps(policies, key=lambda policy: policy.selectors):
            self.report(place[id(second)], "service_level.overlap", also=place[id(first)], key=first.key)
        for first, second in span.overlaps(policies, key=lambda policy: policy.key):
            self.report(place[id(second)], "service_level.key_twice", also=place[id(first)], key=first.key)
