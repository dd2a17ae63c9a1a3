"""Another promise from a day on: what held for the same cases until then ends there, and holds on for older ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fuxiao.core.service_level.policy import Policy


def amended(policies: Iterable[Policy], new: Policy, *, since: date) -> tuple[Policy, ...]:
    """The policies with ``new`` from ``since`` on.

    One that begins later for the same cases stays, and the new one ends where it begins; one that begins on the same
    day gives way.
    """
    kept: list[Policy] = []
    until = new.valid_to
    for each in policies:
        if each.selectors != new.selectors or (each.valid_to is not None and each.valid_to <= since):
            kept.append(each)
        elif each.valid_from is None or each.valid_from < since:
            kept.append(replace(each, valid_to=since))
        elif each.valid_from > since:
            kept.append(each)
            until = each.valid_from if until is None else min(until, each.valid_from)
    return (*kept, replace(new, valid_from=since, valid_to=until))
