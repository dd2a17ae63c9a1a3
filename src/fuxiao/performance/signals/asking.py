"""Evidence on answers and opinions: G4 survey selection, G7 hollow replies, G10 complaint hiding, G13 rating bursts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.fairness import distributions as law
from fuxiao.core.gaming.asking import (
    BurstLimits,
    ReplyLimits,
    SelectionLimits,
    complaint_hiding,
    hollow_first_reply,
    rating_bursts,
    survey_selection,
)
from fuxiao.core.gaming.signal import ShareLimits, Signal
from fuxiao.performance.signals.evidence import Evidence, Look, tally, whole

INVITED_AFTER_DAYS = 3
"""An invitation is sent within so many days of the resolution; younger cases are not looked at."""
FIVE_STARS = 5


def _invited(evidence: Evidence) -> ir.Table:
    """Resolved cases with ``good`` (in time and not reopened) and ``asked`` (somebody was invited to rate them)."""
    surveys = evidence.store.facts("surveys").filter(_.invited_day.notnull())
    asked = surveys.select("case_id").distinct().mutate(asked=True)
    cases = evidence.resolved(settled_days=INVITED_AFTER_DAYS).filter(_.ao.notnull())
    good = _.resolution_met.coalesce(True) & (_.reopens == 0)
    joined = cases.mutate(good=good).left_join(asked, "case_id")
    return joined.select("case_id", "ao", "resolved_at", "good", asked=_.asked.coalesce(False))


def find_selection(evidence: Evidence, limits: SelectionLimits) -> Iterator[Signal]:
    counts = _invited(evidence).group_by("ao").agg(
        good=_.good.sum(), bad=(~_.good).sum(),
        good_invited=(_.good & _.asked).sum(), bad_invited=(~_.good & _.asked).sum(),
    )  # fmt: skip
    for row in evidence.rows(counts.order_by("ao")):
        numbers = {name: whole(row, name) for name in ("good_invited", "good", "bad_invited", "bad")}
        # One who invites nobody selects nothing.
        if numbers["good_invited"] + numbers["bad_invited"]:
            yield survey_selection(str(row["ao"]), **numbers, limits=limits)


def spared_cases(evidence: Evidence, person: str) -> ir.Table:
    """The cases that ended badly and were not asked about."""
    mine = _invited(evidence).filter(_.ao == person, ~_.good, ~_.asked)
    return mine.order_by(ibis.desc("resolved_at"), "case_id").select("case_id")


def _replies(evidence: Evidence) -> ir.Table:
    """First answers by person with ``hollow``: a template, or nothing followed."""
    sent = evidence.events("responded").filter(_.actor.notnull())
    in_order = ibis.window(group_by="case_id", order_by=["at", "seq"])
    first = sent.mutate(place=ibis.row_number().over(in_order)).filter(_.place == 0)
    followed = evidence.store.facts("cases").select("case_id", "followed_up")
    joined = first.select("case_id", "at", "actor", template=_.template.coalesce(False)).inner_join(followed, "case_id")
    return joined.mutate(effective=_.followed_up.coalesce(False) & ~_.template)


def find_hollow(evidence: Evidence, limits: ReplyLimits) -> Iterator[Signal]:
    """The rule alone would flag everybody where a whole desk is slow: the chance is taken against the peers."""
    replies = evidence.store.temporary("signals_replies", _replies(evidence))
    templates = tally(evidence, replies, by="actor", hit=replies.template)
    hollow = tally(evidence, replies, by="actor", hit=~replies.effective)
    for person in hollow:
        cases, hits = hollow.cases[person], hollow.hits[person]
        signal = hollow_first_reply(
            person,
            template_replies=templates.hits[person],
            replies=cases,
            effective_replies=cases - hits,
            limits=limits,
        )
        usual = hollow.usual(person)
        yield signal if usual is None else replace(signal, p=float(law.binomial_at_least(hits, cases, usual)))


def hollow_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _replies(evidence).filter(_.actor == person, ~_.effective)
    return mine.order_by(ibis.desc("template"), ibis.desc("at"), "case_id").select("case_id")


def find_hiding(evidence: Evidence, limits: ShareLimits) -> Iterator[Signal]:
    complaints = evidence.facts("complaints")
    found = tally(evidence, complaints, by="owner", hit=complaints.recoded)
    for person in found:
        counts = {"recoded": found.hits[person], "complaints": found.cases[person]}
        yield complaint_hiding(person, **counts, usual=found.usual(person), limits=limits)


def hidden_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = evidence.facts("complaints").filter(_.owner == person, _.recoded)
    return mine.order_by(ibis.desc("event_day"), "complaint_id").select("case_id")


def _five_stars(evidence: Evidence) -> ir.Table:
    return evidence.facts("surveys").filter(_.ag.notnull(), _.csat == FIVE_STARS)


def find_bursts(evidence: Evidence, limits: BurstLimits) -> Iterator[Signal]:
    stars = _five_stars(evidence)
    sources = stars.filter(_.source_ip.notnull()).group_by("ag", "source_ip").agg(answers=_.count())
    largest = {str(r["ag"]): whole(r, "most") for r in evidence.rows(sources.group_by("ag").agg(most=_.answers.max()))}
    quick = stars.answer_delay.between(0, int(limits.seconds) - 1)
    found = tally(evidence, stars, by="ag", hit=quick)
    for person in found:
        yield rating_bursts(
            person,
            largest_source=largest.get(person, 0),
            quick=found.hits[person],
            five_stars=found.cases[person],
            limits=limits,
        )


def burst_cases(evidence: Evidence, person: str) -> ir.Table:
    """Answers from the busiest addresses first, then the quickest."""
    mine = _five_stars(evidence).filter(_.ag == person)
    same = ibis.window(group_by="source_ip")
    marked = mine.mutate(together=_.source_ip.count().over(same))
    return marked.order_by(ibis.desc("together"), "answer_delay", "survey_id").select("case_id")


LOOKS = (
    Look("survey_selection", ("surveys.invited_day", "cases.resolved_at", "cases.ao"), find_selection, spared_cases),
    Look("hollow_first_reply", ("records.case_events.actor", "cases.followed_up"), find_hollow, hollow_cases),
    Look("complaint_hiding", ("records.complaints.recoded", "complaints.owner"), find_hiding, hidden_cases),
    Look("rating_bursts", ("surveys.csat", "surveys.answer_delay"), find_bursts, burst_cases),
)
