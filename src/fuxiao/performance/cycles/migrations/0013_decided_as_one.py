"""Cycles of a period that an earlier version kept apart: what each decided joins the others, and scores are worked out
once more, so that whoever is paid without a scorecard stands in the lists.

Where one of them is final, its results stand: nothing is changed.
"""

from typing import Any

from django.db import migrations

CLOSED = {"final", "sealed"}


def decide_as_one(apps: Any, _schema: Any) -> None:  # noqa: ANN401
    cycle = apps.get_model("cycles", "Cycle")
    periods: dict[str, list[Any]] = {}
    for each in cycle.objects.defer("basis", "scheme_text").order_by("id"):
        periods.setdefault(each.period, []).append(each)
    for found in periods.values():
        if not CLOSED.isdisjoint(each.step for each in found):
            continue
        rulings: list[Any] = []
        for each in found:
            rulings += [ruling for ruling in each.rulings if ruling not in rulings]
        for each in found:
            again = bool(each.calculation and each.plan_text)
            if again or each.rulings != rulings:
                each.rulings, each.version = rulings, each.version + 1
                each.amounts_given += again  # the next calculation hears of it as of an amount that was given
                each.save(update_fields=["rulings", "version", "amounts_given"])


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0012_other_payouts"),
    ]

    operations = [migrations.RunPython(decide_as_one, migrations.RunPython.noop)]
