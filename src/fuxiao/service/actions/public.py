"""What customers do themselves on the page of their case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import record
from fuxiao.core.errors import InputError
from fuxiao.service.actions.intake import CUSTOMER
from fuxiao.service.actions.talk import LONGEST
from fuxiao.service.actions.writing import KIND, notify_people, tell
from fuxiao.service.models import Case, Comment


@transaction.atomic
def customer_wrote(case: Case, text: str, *, at: datetime) -> Comment:
    """Keep what the customer adds, and tell whoever has the case; a thank-you reopens nothing."""
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST:
        raise InputError("case.comment_length", most=LONGEST)
    made = Comment.objects.create(
        case=case, at=at, author=None, author_name=case.contact_name or CUSTOMER.name, text=text, public=True
    )  # fmt: skip
    record(CUSTOMER, "case.customer_wrote", kind=KIND, key=case.number, label=case.title, at=at)
    tell(case, at=at)
    notify_people([case.owner], "case.customer_wrote", case, at=at, by=CUSTOMER)
    return made
