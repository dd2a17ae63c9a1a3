"""People as one names them in a form: by number, or by a name that is only one person's."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from fuxiao.core.errors import InputError
from fuxiao.org.models import Person

MOST = 400


def known_people(*, on: date) -> list[tuple[str, str]]:
    """Numbers and names of those employed on a day."""
    here = Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
    return list(here.order_by("sort", "number").values_list("number", "name")[:MOST])


def person_named(text: str) -> Person:
    """The person of that number or name, written as ``number`` or ``number name``; ``InputError`` where none fits."""
    wanted = text.strip()
    first = wanted.split(" ")[0]
    found = list(Person.objects.filter(Q(number__in={wanted, first}) | Q(name=wanted))[:3])
    exact = [person for person in found if person.number in {wanted, first}] or found
    if len(exact) != 1:
        raise InputError("org.person_ambiguous" if len(exact) > 1 else "org.person_unknown", value=wanted)
    return exact[0]
