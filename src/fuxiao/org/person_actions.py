"""Writes about people: hiring, particulars, transfers, leaving. Nothing is deleted; what is taken back stays told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.versioned import Fields, at_version
from fuxiao.core.errors import InputError
from fuxiao.org.actions import spoken
from fuxiao.org.changes import guard_fields, plain, record_change, set_fields
from fuxiao.org.models import Membership, Person, Team

FIELDS = ("name", "hired_on", "left_on", "manager", "phone", "email", "wage", "bonus_base")


@dataclass(frozen=True, slots=True)
class Post:
    """A place in a team from a day on; ``bonus_base`` in minor units where it belongs to the post, not the person."""

    team: Team
    position: str
    since: date
    bonus_base: int | None = None


@transaction.atomic
def add_person(viewer: Viewer, number: str, given: Fields, *, at: datetime, post: Post | None = None) -> Person:
    """Take somebody on, with a first post where one is given. ``InputError`` for a number that is taken."""
    require(viewer, Permission.ORG_WRITE)
    guard_fields(viewer, given)
    if Person.objects.filter(number=number).exists():
        raise InputError("org.number_taken", number=number)
    _check_days(given.get("hired_on"), given.get("left_on"))
    person = Person.objects.create(number=number, **given, **spoken(given["name"]))
    new = {name: plain(value) for name, value in given.items() if value not in (None, "")}
    record_change(viewer, "org.person_added", person, at=at, old={}, new=new)
    if post is not None:
        transfer(viewer, person, post, at=at)
    return person


@transaction.atomic
def change_person(viewer: Viewer, number: str, given: Fields, *, version: int, at: datetime) -> Person:
    """Change particulars. ``Conflict`` where somebody else did meanwhile; nothing is written where nothing changes."""
    require(viewer, Permission.ORG_WRITE)
    guard_fields(viewer, given)
    person = locked(number)
    at_version(person, version)
    _check_days(given.get("hired_on", person.hired_on), given.get("left_on", person.left_on))
    _check_manager(person, given.get("manager"))
    if "name" in given:
        for column, text in spoken(given["name"]).items():
            setattr(person, column, text)
    old, new = set_fields(person, given)
    if new:
        record_change(viewer, "org.person_changed", person, at=at, old=old, new=new)
    return person


@transaction.atomic
def transfer(viewer: Viewer, person: Person, post: Post, *, at: datetime) -> Membership:
    """Move somebody to a team and position from a day on: the post before ends on that day.

    ``InputError`` where the day lies before the start of the newest post (two at once), outside the employment, or the
    team is closed by then.
    """
    require(viewer, Permission.ORG_WRITE)
    if post.bonus_base is not None:
        guard_fields(viewer, {"bonus_base": post.bonus_base})
    person = locked(person.number)
    last = posts(person).last()
    _check_post(person, post, last)
    if last is not None and (last.valid_to is None or last.valid_to > post.since):
        last.valid_to = post.since
        last.save(update_fields=["valid_to"])
    made, _ = Membership.objects.update_or_create(
        person=person, valid_from=post.since,
        defaults={
            "team": post.team, "position": post.position, "valid_to": person.left_on, "bonus_base": post.bonus_base,
        },
    )  # fmt: skip
    _raise_version(person)
    record_change(viewer, "org.person_transferred", person, at=at, old=_told(last), new=_told(made))
    return made


@transaction.atomic
def undo_transfer(viewer: Viewer, number: str, *, at: datetime) -> Membership:
    """Take the newest post back: the one before goes on. ``InputError`` where there is none before it."""
    require(viewer, Permission.ORG_WRITE)
    person = locked(number)
    newest = posts(person).reverse()[:2]
    if len(newest) < 2 or newest[1].valid_to != newest[0].valid_from:
        raise InputError("org.nothing_to_undo", name=person.name)
    last, before = newest
    told, end = _told(last), last.valid_to
    last.valid_to = last.valid_from
    last.save(update_fields=["valid_to"])
    before.valid_to = end
    before.save(update_fields=["valid_to"])
    _raise_version(person)
    record_change(viewer, "org.transfer_undone", person, at=at, old=told, new=_told(before))
    return before


@transaction.atomic
def leave(viewer: Viewer, number: str, day: date | None, *, at: datetime) -> Person:
    """Somebody is no longer employed from ``day`` on: posts end there. ``None`` takes that back."""
    require(viewer, Permission.ORG_WRITE)
    person = locked(number)
    _check_days(person.hired_on, day)
    last = posts(person).last()
    if day is not None and last is not None and last.valid_from > day:
        raise InputError("org.leaves_before_post", day=day, since=last.valid_from)
    if last is not None and last.valid_to in (None, person.left_on):
        last.valid_to = day
        last.save(update_fields=["valid_to"])
    old, new = set_fields(person, {"left_on": day})
    if new:
        record_change(viewer, "org.person_left" if day else "org.person_stayed", person, at=at, old=old, new=new)
    return person


def posts(person: Person) -> QuerySet[Membership]:
    """The posts that held for at least a day, in their order."""
    return (
        Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), person=person)
        .select_related("team").order_by("valid_from")
    )  # fmt: skip


def locked(number: str) -> Person:
    """The person, kept from other writers until the end of the transaction."""
    return Person.objects.select_for_update().get(number=number)


def _raise_version(person: Person) -> None:
    person.version += 1
    person.save(update_fields=["version"])


def _told(membership: Membership | None) -> dict[str, object]:
    if membership is None:
        return {}
    return {
        "team": membership.team.key, "position": membership.position,
        "valid_from": plain(membership.valid_from), "valid_to": plain(membership.valid_to),
    }  # fmt: skip


def _check_post(person: Person, post: Post, last: Membership | None) -> None:
    if last is not None and post.since <= last.valid_from:
        raise InputError(
            "org.overlap", name=person.name, team=last.team.name, since=last.valid_from, day=post.since
        )  # fmt: skip
    if person.hired_on is not None and post.since < person.hired_on:
        raise InputError("org.post_before_hiring", day=post.since, hired=person.hired_on)
    if person.left_on is not None and post.since >= person.left_on:
        raise InputError("org.post_after_leaving", day=post.since, left=person.left_on)
    if post.team.closed_on is not None and post.since >= post.team.closed_on:
        raise InputError("org.team_closed", team=post.team.name, day=post.team.closed_on)


def _check_days(hired: date | None, left: date | None) -> None:
    if hired is not None and left is not None and left < hired:
        raise InputError("org.leaves_before_hiring", hired=hired, left=left)


def _check_manager(person: Person, manager: Person | None) -> None:
    """Nobody is above themselves, directly or round a circle."""
    above, seen = manager, {person.pk}
    while above is not None:
        if above.pk in seen:
            raise InputError("org.manager_circle", name=person.name, manager=manager and manager.name)
        seen.add(above.pk)
        above = above.manager
