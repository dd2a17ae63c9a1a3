"""Proposes moments that a file tells by durations: answers after a wait, solutions after the time they took."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fuxiao.datasets.importing.mapping import Condition, Expression
from fuxiao.datasets.importing.match import Matcher, synonyms, unit_of
from fuxiao.datasets.importing.remarks import Remarks
from fuxiao.engine import schema
from fuxiao.engine.schema import Column, Type

MOSTLY = 0.8
SHORT_CLOCK = re.compile(r"\d+:\d\d")


@dataclass(frozen=True, slots=True)
class Spans:
    """Fills the columns of cases that follow from durations; says what it guessed."""

    match: Matcher
    remarks: Remarks

    def answers(self, columns: dict[str, Expression]) -> None:
        """First answers and solutions that a call log tells by durations and yes or no."""
        span = self.match.find(synonyms()["answer_spans"], schema.CASES.column("handle_seconds"))
        if span and "first_response_at" not in columns and "opened_at" in columns:
            unit = self.unit(span, "cases.columns.first_response_at") or "seconds"
            answered = self._yes("answered")  # a caller who hung up has waited too
            columns["first_response_at"] = Expression(after="opened_at", spans=(span,), unit=unit, when=answered)
            self.remarks.add("cases.columns.first_response_at", "answer_span")
            self._solutions(columns, span)
        if "first_response_at" in columns and "first_responder" not in columns and "owner" in columns:
            columns["first_responder"] = replace(columns["owner"], when=self._yes("answered"))
            self.remarks.add("cases.columns.first_responder", "responder")

    def _solutions(self, columns: dict[str, Expression], span: str) -> None:
        talk, when = columns.get("handle_seconds"), self._yes("resolved")
        unit = unit_of(span) or "seconds"
        same = talk is not None and (talk.unit or "seconds") == unit
        if when and talk and talk.columns and same and "resolved_at" not in columns:
            columns["resolved_at"] = Expression(after="opened_at", spans=(span, *talk.columns), unit=unit, when=when)
            self.remarks.add("cases.columns.resolved_at", "solved_call")

    def solved_after(self, columns: dict[str, Expression]) -> None:
        """The solution where only the time to it is told."""
        if "resolved_at" in columns or "opened_at" not in columns or "closed_at" in columns:
            return
        used = {header for expression in columns.values() for header in expression.sources()}
        span = self.match.find(synonyms()["resolve_spans"], schema.CASES.column("handle_seconds"), without=used)
        if span:
            unit = self.unit(span, "cases.columns.resolved_at") or "seconds"
            columns["resolved_at"] = Expression(after="opened_at", spans=(span,), unit=unit)
            self.remarks.add("cases.columns.resolved_at", "resolve_span")

    def _yes(self, what: str) -> tuple[Condition, ...]:
        """The condition that a yes-or-no column of this meaning says yes; nothing where there is no such column."""
        header = self.match.find(synonyms()[what], Column(what, Type.FLAG, "", ""))
        if header is None:
            return ()
        words = {word.casefold() for word in self.match.profile.reading.mapping.yes}
        said = tuple(value for value in self.match.profile.columns[header].values if value.casefold() in words)
        return (Condition(header, said),) if said else ()

    def unit(self, header: str, place: str) -> str:
        """The unit that a column of durations names; what could be meant otherwise where it names none is said."""
        unit, profile = unit_of(header), self.match.profile.columns[header]
        if not unit and any(SHORT_CLOCK.fullmatch(value) for value in profile.values):
            self.remarks.add(place, "short_clock")
        elif not unit and profile.numbers >= MOSTLY:
            self.remarks.add(place, "no_unit")
        return unit
