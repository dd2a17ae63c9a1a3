"""One sign-in for each role of the demonstration company, so that everybody's screen can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from fuxiao.base.permissions import Role

if TYPE_CHECKING:
    from fuxiao.org.models import Person

PASSWORD = "fuxiao-demo"  # noqa: S105 - printed on the screen, and only served to this machine
POSITIONS = {
    Role.LEAD: "lead",
    Role.ENGINEER: "field_engineer",
    Role.AGENT: "desk_agent",
    Role.DISPATCHER: "dispatcher",
    Role.CHECKER: "qa",
    Role.PARTS: "parts",
    Role.MANAGER: "director",
}
"""The position whose first holder gets the account; the other roles are nobody's in particular."""


@dataclass(frozen=True, slots=True)
class SignIn:
    username: str
    role: Role
    person: str


def make_accounts(*, at: datetime, on: date) -> list[SignIn]:
    """The accounts, made where they are missing."""
    from django.db import transaction

    from fuxiao.org.models import RoleGrant, User

    made = []
    with transaction.atomic():
        for role, person in _people(on):
            user, new = User.objects.get_or_create(username=role.value, defaults={"person": person})
            if new:
                user.set_password(PASSWORD)
                user.save(update_fields=["password"])
                RoleGrant.objects.get_or_create(user=user, role=role.value, defaults={"granted_at": at})
            made.append(SignIn(user.username, role, user.shown_name if user.person else ""))
    return made


def _people(on: date) -> Iterator[tuple[Role, Person | None]]:
    from fuxiao.org.models import Membership
    from fuxiao.org.queries import current

    taken: set[int] = set()
    for role in Role:
        held = current(Membership.objects.filter(position=POSITIONS.get(role, "")), on=on)
        first = held.exclude(person__in=taken).select_related("person").order_by("person__number").first()
        if first is not None:
            taken.add(first.person_id)
        yield role, first.person if first is not None else None
