"""How a proposed mapping reads each column: its dates and their zone, its words, its unit."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.datasets.importing.mapping import Condition, Expression, Shape, target_columns
from fuxiao.datasets.importing.match import Matcher, said_word, value_words, word_of, zone_in, zone_of
from fuxiao.datasets.importing.profile import joined_dates
from fuxiao.datasets.importing.remarks import Remarks
from fuxiao.datasets.importing.spans import Spans
from fuxiao.datasets.importing.values import target_unit
from fuxiao.engine import schema
from fuxiao.engine.schema import Column, Type


@dataclass(frozen=True, slots=True)
class Reads:
    """Reads columns as their cells say; what a person should check is remarked."""

    match: Matcher
    spans: Spans
    remarks: Remarks

    def all(self, dataset: str, headers: dict[str, str]) -> dict[str, Expression]:
        """The columns of a dataset, by the headers that they are read from."""
        known = {c.name: c for c in target_columns(dataset, Shape.STATE if "status" in headers else Shape.CASE)}
        known |= {c.name: c for c in schema.dataset(dataset).columns if c.name not in known}
        return {name: self.one(known[name], header, dataset) for name, header in headers.items()}

    def one(self, column: Column, header: str, dataset: str = "cases") -> Expression:
        """One column, with the time of day beside it where the file has that in a column of its own."""
        profile = self.match.of(header)
        if column.type is Type.MOMENT and (joined := self._joined(header, column, dataset)):
            return joined
        if column.type in {Type.MOMENT, Type.DAY} and profile.dates is not None:
            formats = () if profile.dates.formats == ("iso",) else profile.dates.formats
            zone = (zone_of(header) or zone_in(formats)) if column.type is Type.MOMENT else ""
            self.remarks.of_date(f"{dataset}.columns.{column.name}", profile.dates, zone)
            return Expression(columns=(header,), formats=formats, zone=zone)
        words = value_words(column)
        if column.values or (words and profile.numbers < 0.8):
            said = {v: word for v in profile.values if (word := word_of(column, v))}
            return Expression(columns=(header,), values=said)
        if column.type is not Type.FLAG and (
            said := {v: words[k] for v in profile.values if words.get(k := said_word(v))}
        ):
            return Expression(columns=(header,), values=said)  # a few words among the numbers
        if not target_unit(column.name):
            return Expression(columns=(header,))
        return Expression(columns=(header,), unit=self.spans.unit(header, f"{dataset}.columns.{column.name}"))

    def _joined(self, day: str, column: Column, dataset: str) -> Expression | None:
        """A moment whose date and time of day stand in two columns."""
        clock = self.match.clock_of(day)
        evidence = joined_dates(self.match.connection, self.match.profile, [day, clock]) if clock else None
        if clock is None or evidence is None or not evidence.sure:
            return None
        self.remarks.of_date(f"{dataset}.columns.{column.name}", evidence)
        # A program that fills a time of day with zeros where there is no date says nothing by it.
        alone = self.match.of(clock).filled > self.match.of(day).filled
        return Expression(
            columns=(day, clock), formats=evidence.formats, zone=zone_of(clock) or zone_of(day),
            when=(Condition(day),) if alone else (),
        )  # fmt: skip
