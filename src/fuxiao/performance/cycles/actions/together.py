"""What counts in every cycle of a period: a period is paid and sealed as one, so what is decided in one is in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from fuxiao.base.actions import one_writer
from fuxiao.core.cycle import CLOSED
from fuxiao.core.errors import Conflict
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.cycles.queries import HEAVY_OWN, together
from fuxiao.performance.rulings import Ruling

PERIOD_LOCK = 7_041_007
"""Held by whoever opens a cycle or decides in one: a cycle that somebody is opening is heard of by both, or neither."""


def locked(number: int) -> list[Cycle]:
    """The cycles of this one's period, itself among them; none where it was called off.

    All at once and in one order: two people who decide in two of them do not wait for each other. To be asked for
    before the audit trail, which everybody else writes into last.
    """
    one_writer(PERIOD_LOCK)
    cycle = Cycle.objects.only("period").filter(pk=number).first()
    return [] if cycle is None else list(together(cycle).defer(*HEAVY_OWN).select_for_update())


def locked_one(number: int) -> Cycle:
    """This cycle, locked with the others of its period."""
    return next(each for each in locked(number) if each.pk == number)


def add_rulings(number: int, rulings: Iterable[Ruling]) -> None:
    """Let these be heard by the next calculation of every cycle of the period.

    ``Conflict`` where the results of one of them are final: they stand.
    """
    plain = [plain_ruling(each) for each in rulings]
    for cycle in locked(number) if plain else ():
        if cycle.at in CLOSED:
            raise Conflict("cycle.rulings_stand", period=cycle.period)
        cycle.rulings = [*cycle.rulings, *plain]
        cycle.version += 1
        cycle.save(update_fields=["rulings", "version"])


def plain_ruling(ruling: Ruling) -> dict[str, object]:
    """A ruling as it is kept."""
    sums = {"numerator": str(ruling.numerator), "denominator": str(ruling.denominator)}
    return {**asdict(ruling), "cases": list(ruling.cases), **sums}
