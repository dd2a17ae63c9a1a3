"""Months that only the names of a file's tables tell, 2026年3月, 2026-03, March 2026, beside the days in their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from fuxiao.datasets.importing import dates, sql
from fuxiao.datasets.importing.mapping import Condition, Expression
from fuxiao.datasets.importing.match import Matcher, clock_beside
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import LINE, TABLE, Part, Raw
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.together import NAME

NAMES = (
    (re.compile(r"(\D*)(?:20\d\d)(\D{0,2})(?:0?[1-9]|1[0-2])(\D*)"), "{0}%Y{1}%m{2}"),
    (re.compile(r"()(?:[A-Z][a-z]{2})([ -]?)(?:20\d\d)()"), "{0}%b{1}%Y{2}"),
    (re.compile(r"()(?:[A-Z][a-z]{3,8})([ -]?)(?:20\d\d)()"), "{0}%B{1}%Y{2}"),
)
"""How tables are called after their month, and what a date pattern makes of the name."""
DAYS = ("%d", "%d日", "%d号", "%m月%d日", "%m/%d", "%m-%d", "%m.%d")
CLOCKS = ("", " %H:%M", " %H:%M:%S")


def month_form(parts: Iterable[Part]) -> str:
    """The pattern that reads the month from the name of each of these tables; empty where one is called otherwise."""
    names = [part.own for part in parts]
    for pattern, form in NAMES:
        found = [pattern.fullmatch(name) for name in names]
        around = {match.groups() for match in found if match}
        if all(found) and len(around) == 1:
            return form.format(*(each.replace("%", "%%") for each in around.pop()))
    return ""


@dataclass(frozen=True, slots=True)
class TableMonths:
    """Finds the moments of cases whose rows tell the day alone."""

    connection: Connection
    match: Matcher
    profile: FileProfile
    raw: Raw

    def moment(self, names: Iterable[str], *, taken: Iterable[str]) -> Expression | None:
        """How the name of the table and a column of days called so, with a clock where there is one, are read."""
        form, tried = month_form(self.raw.parts), set(taken)
        while form and (day := self.match.find(names, None, without=tried)):
            tried.add(day)
            clock = clock_beside(self.profile, day, names)
            for columns in ([day, clock] if clock else [], [day]):
                if columns and (formats := self._read(form, columns)):
                    return Expression(columns=(NAME, *columns), formats=(formats,), when=(Condition(day),))
        return None

    def _read(self, form: str, columns: list[str]) -> str:
        """The pattern that reads nearly all cells; empty for none."""
        arms = " ".join(f"when {LINE} > {part.before} then {sql.text(part.own)}" for part in reversed(self.raw.parts))
        cells = ", ".join(self.profile.cell(header) for header in columns)
        source = (
            f"select concat_ws(' ', case {arms} end, {cells}) as cell from {TABLE} "
            f"where {self.profile.cell(columns[0])} is not null"
        )
        forms = [f"{form} {day}{clock}" for day, clock in product(DAYS, CLOCKS[1:] if columns[1:] else CLOCKS)]
        counts = ", ".join(f"count(*) filter (where {dates.readable(each)})" for each in forms)
        filled, *read = sql.one(self.connection, f"select count(*), {counts} from ({source})")
        best = max(range(len(forms)), key=lambda n: read[n])
        return forms[best] if read[best] >= 0.8 * filled > 0 else ""
