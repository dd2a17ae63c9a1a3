"""Writes of the organisation. Each is one transaction with one audit entry and one announcement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.org import pinyin
from fuxiao.org.models import Membership, Person, Team

EPOCH = date(1970, 1, 1)


Rows = Iterable[Mapping[str, Any]]


@transaction.atomic
def adopt(viewer: Viewer, *, people: Rows, teams: Rows, memberships: Rows, at: datetime) -> int:
    """Take over people, teams and memberships as the records of the lake have them; the number of people.

    Rows as the datasets ``people``, ``teams`` and ``memberships`` give them, days as numbers since 1970-01-01. What is
    already there is brought up to date; nobody is removed.
    """
    require(viewer, Permission.ORG_WRITE)
    memberships = list(memberships)
    known_teams = _adopt_teams(teams, memberships)
    known = _adopt_people(people, memberships)
    _adopt_leads(teams, known_teams, known)
    # Only whose memberships came: a file of names alone takes nobody out of the team.
    Membership.objects.filter(person__in={known[row["person"]] for row in memberships}).delete()
    Membership.objects.bulk_create(
        Membership(
            person=known[row["person"]], team=known_teams[row["team"]], position=row["role"],
            valid_from=EPOCH + timedelta(days=row["valid_from"]), valid_to=day(row["valid_to"]),
            bonus_base=row.get("bonus_base"),
        )
        for row in memberships
    )  # fmt: skip
    record(
        viewer, "org.adopted", kind="org", key="people", at=at,
        new={"people": len(known), "teams": len(known_teams), "memberships": len(memberships)},
    )  # fmt: skip
    announce("org.people", at=at)
    return len(known)


def _adopt_teams(rows: Rows, memberships: Rows) -> dict[str, Team]:
    named: dict[str, Mapping[str, Any]] = {row["team"]: {} for row in memberships} | {row["team"]: row for row in rows}
    found: dict[str, Team] = {}
    for key, row in named.items():
        name = row.get("name") or key
        found[key], _ = Team.objects.update_or_create(
            key=key, defaults={"name": name, "sort": pinyin.team_key(name), "kind": row.get("kind") or ""}
        )
    for key, row in named.items():
        parent = found.get(row.get("parent") or "")
        if found[key].parent_id != (parent.pk if parent else None):
            found[key].parent = parent
            found[key].save(update_fields=["parent"])
    return found


def _adopt_people(rows: Rows, memberships: Rows) -> dict[str, Person]:
    named: dict[str, Mapping[str, Any]] = {row["person"]: {} for row in memberships}
    named |= {row["person"]: row for row in rows}
    found: dict[str, Person] = {}
    for number, row in named.items():
        name = row.get("name") or number
        found[number], _ = Person.objects.update_or_create(
            number=number,
            defaults={
                "name": name, **spoken(name), "hired_on": day(row.get("hired_on")), "left_on": day(row.get("left_on")),
                "wage": row.get("wage"), "bonus_base": row.get("bonus_base"),
            },
        )  # fmt: skip
    return found


def _adopt_leads(rows: Rows, teams: Mapping[str, Team], people: Mapping[str, Person]) -> None:
    for row in rows:
        lead = people.get(row.get("lead") or "")
        team = teams[row["team"]]
        if lead is not None and team.lead_id != lead.pk:
            team.lead = lead
            team.save(update_fields=["lead"])


def spoken(name: str) -> dict[str, str]:
    """The columns of a person that say the name in pinyin."""
    return {"sort": pinyin.sort_key(name), "plain": pinyin.plain(name), "initials": pinyin.initials(name)}


def day(number: int | None) -> date | None:
    """The local day that a dataset's number means."""
    return None if number is None else EPOCH + timedelta(days=number)
