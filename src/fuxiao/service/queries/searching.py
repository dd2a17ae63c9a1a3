"""Searches for cases: by what an index knows of them, their customers and devices, and by words of their titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from fuxiao.base.written import written_once
from fuxiao.org.pinyin import folded
from fuxiao.service.models import Case, CaseTitle, Customer, Device
from fuxiao.service.signs import signs_of

NEAR = 200
"""So many customers or devices a search takes into account."""
MOST = 2_000
"""So many cases of theirs, and as many whose number begins so, the newest first."""
RARE = 1_000
"""Words that more titles have than these are met soon by reading titles one after the other, the newest first."""
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-/]{2,}")


def matching(search: str) -> Q:
    """Number, serial number, the end of a telephone number, the customer's name or pinyin, all words in the title.

    What an index knows is looked up first, each by its own: joined by "or", a database walks through all cases. Titles
    are not looked at for a code that was found.
    """
    text = search.strip()[:80]
    customers = Customer.objects.order_by().filter(customer_matching(text)).values_list("pk", flat=True)[:NEAR]
    keys = set(_of("customer_id", list(customers)))
    if CODE.fullmatch(text):
        code = text.upper()
        devices = Device.objects.order_by().filter(begins("serial", code)).values_list("pk", flat=True)[:NEAR]
        keys |= {*_of("device_id", list(devices)), *_numbered(code)}
    if text.isdigit() or (keys and any(sign.isdigit() for sign in text)):
        return Q(pk__in=keys)
    titled = _titled(text)
    read = Q(*(Q(title__icontains=word) for word in text.split()))
    return Q(pk__in=keys) | read if titled is None else Q(pk__in=keys | titled)


def _titled(text: str) -> set[int] | None:
    """The cases whose title has these words; ``None`` where so many may have them that they are better met by reading.

    What has neither letter nor digit is in no index, and found in no title.
    """
    signs = signs_of(text)
    if not signs:
        return set()
    found = _with_signs(RARE + 1, signs=signs)
    words = text.lower().split()
    return None if len(found) > RARE else {key for key, title in found if all(word in title.lower() for word in words)}


@written_once
def _with_signs(most: int, *, signs: str) -> QuerySet[CaseTitle, tuple[int, str]]:
    return CaseTitle.objects.filter(signs__has_all=signs).order_by("-case_id").values_list("pk", "case__title")[:most]


def _of(field: str, owners: Sequence[int]) -> Iterable[int]:
    if not owners:
        return ()
    return Case.objects.order_by().filter(**{f"{field}__in": owners}).values_list("pk", flat=True)[:MOST]


def _numbered(code: str) -> Iterable[int]:
    return Case.objects.filter(begins("number", code)).order_by("-number").values_list("pk", flat=True)[:MOST]


def customer_matching(search: str) -> Q:
    """Customers by number, name, pinyin, initials; by at least four last digits of their telephone."""
    text, spoken = search.strip(), folded(search).replace(" ", "")
    found = begins("number", text.upper()) | begins("name", text)
    if text.isdigit():
        return found | ends_in(text) if len(text) >= 4 else found
    return found | begins("plain", spoken) | begins("initials", spoken) if spoken.isascii() else found


def begins(field: str, text: str) -> Q:
    """Texts that begin so, by the index: SQLite uses one for a range and not for LIKE, PostgreSQL the other way."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{field}__startswith": text})


def ends_in(digits: str) -> Q:
    """Telephones that end in these digits. Digits come in the same order everywhere, so a range serves every index."""
    first = digits[::-1]
    over = str(int(f"1{first}") + 1)[1:] if first.strip("9") else ""
    return Q(phone_digits__gte=first) & (Q(phone_digits__lt=over) if over else Q())
