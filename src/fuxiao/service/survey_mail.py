"""The letter that asks a customer, in their language; the answer is given on the page, never by the letter."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail

from fuxiao.base.wording import say
from fuxiao.service.actions.surveys import token_of
from fuxiao.service.models import Survey
from fuxiao.service.terms import terms


def mail(survey: Survey, again: bool) -> None:  # noqa: FBT001 - one of two letters
    """Send the invitation, or once more as a reminder; ``OSError`` where the mail server does not take it."""
    customer = survey.customer
    facts = {
        "company": terms().settings.name, "number": survey.case.number, "title": survey.case.title,
        "link": f"{settings.ADDRESS}/s/{token_of(survey.number)}/", "name": customer.name if customer else "",
    }  # fmt: skip
    subject = say("survey.subject_again" if again else "survey.subject", survey.language, facts)
    send_mail(subject, say("survey.letter", survey.language, facts), None, [customer.email] if customer else [])
