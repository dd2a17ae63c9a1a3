"""Turns a cell's text into the type of its column, as SQL over whole columns; null where it cannot be."""

from __future__ import annotations

from collections.abc import Container
from collections.abc import Mapping as Table
from dataclasses import dataclass

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.datasets.importing import moments, numbers, sql
from fuxiao.datasets.importing.mapping import Expression, Mapping
from fuxiao.engine.schema import Column, Type

FULL_WIDTH = "".join(map(chr, range(0xFF01, 0xFF5F)))
HALF_WIDTH = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
BLANKS = " \t\u3000\u00a0\ufeff"
SPREAD = f"\\p{{Han}}(?:[{BLANKS}]+\\p{{Han}}){{1,3}}"
"""Two to four Chinese letters, each apart: 张　伟, as tables are typed where names shall end below each other."""
KEPT = "^=\"(.*)\"$|^'([-+]?[0-9][^']*|)$"
"""A cell that a spreadsheet shall leave as it is: ="0012", '0012, '2026-10-01."""
PLAIN_LETTERS = "年月日号时点分秒上下午凌晨中晚元"
PLAIN = f"[\\x00-\\x7F\\x{{FF01}}-\\x{{FF5E}}{PLAIN_LETTERS}]"
TO_MEND = f"^[{BLANKS}]|[{BLANKS}]$|^=\"|^'|\\p{{Han}}[{BLANKS}]+\\p{{Han}}|^{PLAIN}*[\\x{{FF01}}-\\x{{FF5E}}]{PLAIN}*$"
"""What a cell has that is mended: blanks or marks at an end, blanks between Chinese letters, full-width forms among
plain letters. A sentence with a full-width comma has none of these."""
CURRENCIES = "(?:CN|US|HK|JP)?[¥￥$€£]|RMB|CNY|USD|EUR|GBP|HKD|JPY|人民币"
"""Signs and codes that stand before or behind an amount."""
COUNTED = "%|％|元|分|次|条"
"""What stands behind a number that is no amount of money, or one in Chinese."""
NO_WORDS: Table[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the readers of cells need beyond the cell: the mapping's words, the zone and the currency.

    ``mendable`` are the columns that have cells to mend, ``marked`` those that have marks for nothing besides empty
    cells; ``None`` where nobody has looked.
    """

    mapping: Mapping
    zone: str
    currency: str
    mendable: Container[str]
    marked: Container[str] | None = None

    def cell(self, name: str) -> str:
        """A raw cell as meant: mended where the file needs it, null where it says that there is nothing."""
        if name in self.mendable:
            return self.without_nulls(self.mended(name))
        if self.marked is None or name in self.marked:
            return self.without_nulls(name)
        return f"nullif({name}, '')"

    def mended(self, name: str) -> str:
        """The cell without what programs and people put around it; one look tells most cells that need no mending."""
        return f"(case when regexp_matches({name}, {sql.text(TO_MEND)}) then {self.mending(name)} else {name} end)"

    def mending(self, name: str) -> str:
        """Without spaces at the ends, and the =" " or the apostrophe that keep a number as it is in a spreadsheet;
        without full-width forms where no Chinese letters are but of dates and sums; without the spaces that make a
        short Chinese name as wide as the others."""
        trimmed = f"regexp_replace(trim({name}, {sql.text(BLANKS)}), {sql.text(KEPT)}, '\\1\\2')"
        padded = f"regexp_full_match({trimmed}, '{SPREAD}')"
        closed = f"translate({trimmed}, {sql.text(BLANKS)}, '')"
        narrow = f"translate({trimmed}, {sql.text(FULL_WIDTH)}, {sql.text(HALF_WIDTH)})"
        wide = f"strlen({name}) > length({name}) and regexp_full_match({trimmed}, '{PLAIN}*')"
        return f"(case when {wide} then {narrow} when {padded} then {closed} else {trimmed} end)"

    def without_nulls(self, name: str) -> str:
        """Null for a cell that is empty or a mark for nothing."""
        return f"(case when {name} = '' or {self.is_mark(name)} then null else {name} end)"

    def is_mark(self, name: str) -> str:
        """Whether a cell is a mark for nothing; each mark is compared with cells of its length alone, and those of a
        spreadsheet's errors with cells that begin as they do."""
        alike: dict[str, list[str]] = {}
        for mark in dict.fromkeys(self.mapping.nulls):
            like = f"starts_with({name}, '#')" if mark.startswith("#") else f"strlen({name}) = {len(mark.encode())}"
            if mark:
                alike.setdefault(like, []).append(f"{name} = {sql.text(mark)}")
        asked = [f"{like} and ({' or '.join(same)})" for like, same in alike.items()]
        return f"({' or '.join(asked) or 'false'})"


def typed(cell: str, column: Column, expression: Expression, reading: Reading) -> str:
    """The text as the column's type in the lake."""
    kind = column.type
    if kind is Type.MOMENT:
        return moments.moment(cell, expression.formats, expression.zone or reading.zone)
    if kind is Type.DAY:
        return moments.day(cell, expression.formats)
    if kind is Type.FLAG:
        return flag(cell, reading.mapping)
    if kind is Type.MONEY:
        return money(cell, reading)
    if kind in {Type.INTEGER, Type.NUMBER}:
        return _amount(cell, column, expression, reading)
    return cell


def _amount(cell: str, column: Column, expression: Expression, reading: Reading) -> str:
    unit = target_unit(column.name)
    value = number(cell, reading)
    if unit:
        spent = moments.seconds(cell, unit=expression.unit or unit, decimal=reading.mapping.decimal)
        value = f"({spent} / {moments.UNIT_SECONDS[unit]})"
    if column.type is Type.NUMBER:
        return f"cast({value} as decimal(18,4))"
    return f"(case when {value} = floor({value}) or {unit != ''} then cast(round({value}) as bigint) end)"


def target_unit(name: str) -> str:
    """The unit in which a column of durations is kept, empty for other numbers."""
    if name.endswith("_seconds"):
        return "seconds"
    return "minutes" if name.endswith(("_min", "_minutes")) or name in LIMITS else ""


LIMITS = ("first_response_limit", "resolution_limit")


def number(cell: str, reading: Reading) -> str:
    """A bare number first, the cheap way; then with a currency sign, ``%`` or 万."""
    decimal = reading.mapping.decimal
    return sql.first_of([numbers.amount(cell, decimal), _decorated(cell, decimal)])


def _decorated(cell: str, decimal: str) -> str:
    before, after = f"(?:{CURRENCIES})?", f"(?:{CURRENCIES}|{COUNTED})?"
    bare = f"regexp_replace({cell}, '(?i)^(-?)\\s*{before}\\s*(.*?)\\s*{after}$', '\\1\\2')"
    ten_thousands = numbers.amount(f"replace({bare}, '万', '')", decimal)
    thousands = f"(case when suffix({bare}, '万') then {ten_thousands} * 10000 end)"
    return f"(case when {_may_be_decorated(cell)} then coalesce({numbers.amount(bare, decimal)}, {thousands}) end)"


def _may_be_decorated(cell: str) -> str:
    """Whether a cell has nothing but what numbers and their signs are written with: to take the signs off is slow."""
    signs = f"(?i)(?:{CURRENCIES}|{COUNTED}|万|[-+0-9.,_e{numbers.SPACES}\\s])+"
    return f"regexp_full_match({cell}, {sql.text(signs)})"


def money(cell: str, reading: Reading) -> str:
    """Minor units, rounded half up (away from zero) at the last digit of the currency."""
    scale = 10 ** MINOR_UNITS.get(reading.currency, 2)
    return f"cast(round({number(cell, reading)} * {scale}) as bigint)"


def flag(cell: str, mapping: Mapping) -> str:
    """True for a word that says yes, false for one that says no, however large its letters are."""
    no, yes = ({word.lower(): to for word in words} for words, to in ((mapping.no, "false"), (mapping.yes, "true")))
    return either_case(cell, no | yes)


def either_case(cell: str, words: Table[str, str], *, also: Table[str, str] = NO_WORDS) -> str:
    """What a cell says that is one of these words in small letters, as SQL by word, or as it stands one of those that
    are given ``also``; else null.

    Letters are made small only where the cell is no such word as it stands: few are, and empty cells are none. A list
    of words behind IN would become a join, through which all other columns are carried.
    """
    small, whole = (
        " ".join(f"when {sql.text(word)} then {meaning}" for word, meaning in said.items())
        for said in (words, {**words, **also})
    )
    said = f"case {cell} {whole} else (case lower({cell}) {small} end) end"
    return f"(case when {cell} is not null then {said} end)"
