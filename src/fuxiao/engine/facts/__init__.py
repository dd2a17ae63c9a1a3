"""Fact tables: one row a thing that happened, with every clock worked out, as expressions over the records.

The tables are declared in ``fuxiao.engine.fact_tables``; ``tables`` says how each is made, ``plan`` in which stages.
Nothing is run here: the ``Inputs`` bring the way to keep a stage.
"""

from fuxiao.engine.facts.inputs import CUT_OFF, FactRules, Inputs, Keep
from fuxiao.engine.facts.plan import FactPlan, StageList, plan_facts
from fuxiao.engine.facts.tables import SORTED_BY, fact_tables

__all__ = [
    "CUT_OFF",
    "SORTED_BY",
    "FactPlan",
    "FactRules",
    "Inputs",
    "Keep",
    "StageList",
    "fact_tables",
    "plan_facts",
]
