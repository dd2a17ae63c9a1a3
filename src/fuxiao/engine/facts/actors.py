"""Who did what to a case beside answering and holding it: who assigned it, who let it wait for the customer."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.facts.events import keyed, unkeyed
from fuxiao.engine.facts.inputs import Inputs


def dispatchers(given: Inputs, steps: ir.Table) -> ir.Table:
    """``case_id, event_dispatcher``: who assigned the case first; null where the event does not say."""
    first = steps.filter(_.type == "assigned").group_by("case_id").agg(actor=keyed(_.actor).min())
    return given.keep("dispatchers", first.select("case_id", event_dispatcher=unkeyed(_.actor)))


def pausers(given: Inputs, pieces: ir.Table) -> ir.Table:
    """``case_id, event_pauser``: who set the longest pause for the customer, as far as it lies in the case's life."""
    placed = pieces.filter((_.kind == "customer") & _.actor.notnull()).mutate(
        place=ibis.greatest(ibis.least(_.end, _.resolution_end) - ibis.greatest(_.start, _.opened_at), 0)
    )
    longest = placed.filter(_.place > 0).group_by("case_id").agg(actor=keyed(_.actor).max())
    return given.keep("pausers", longest.select("case_id", event_pauser=unkeyed(_.actor)))
