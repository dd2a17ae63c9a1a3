"""Matches the columns of a file with those of the contracts, by name and by what their cells look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from fuxiao.datasets.importing.moments import EXCEL, zone_name
from fuxiao.datasets.importing.names import SHORT_LETTERS, folded, spoken
from fuxiao.datasets.importing.profile import FileProfile, Profile, numeric_dates
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import target_unit
from fuxiao.datasets.importing.words import data_file
from fuxiao.engine import schema
from fuxiao.engine.schema import Column, Type

MOST = 0.8
"""Share of the cells that must be on a scale for its name to be believed; the others are reported as faults."""
DIGIT = re.compile(r"[^\d.-]*([1-5])(?:\.0+)?(?:\s*/\s*5)?[^\d%]*")
"""A rating that holds its number: 5 - Very satisfied, 非常满意（5分）, 4/5."""
STARS = re.compile("([★⭐🌟]\ufe0f?){1,5}☆*")
"""A rating that is drawn: ★★★★☆."""


@cache
def synonyms() -> dict[str, Any]:
    """The tables of names: columns, signatures, activities, values."""
    return data_file("synonyms.yaml")


def fits_name(header: str, names: Iterable[str]) -> bool:
    """Whether the folded header equals one of the names (``*`` at the end: begins with it)."""
    return rank(header, names) is not None


def rank(header: str, names: Iterable[str]) -> int | None:
    """The place of the first name that fits; the earlier, the better."""
    return _place(spoken(header), names)


def ranks(header: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """How far inside and at which place each reading of a header fits; ``assignee.name`` also reads ``assignee``."""
    listed = list(names)
    for inside, reading in enumerate(_all_readings(header)):
        place = _place(reading, listed)
        if place is not None:
            yield inside, place


@lru_cache(maxsize=10_000)
def _all_readings(header: str) -> tuple[str, ...]:
    """The readings, then those of them that say first what they are about without that: Ticket group, 售后申请时间;
    and last all of these with shortened words in full."""
    said = [*readings(header)]
    said += _without_about(said)
    full = [whole for reading in said if (whole := in_full(reading)) != reading]
    full += [coded.removesuffix(" code") for coded in full if coded.endswith(" code")]
    return (*said, *full, *_without_about(full))


def _without_about(said: Iterable[str]) -> list[str]:
    words = [f"{word} " if word.isascii() else word for word in (*synonyms()["case_words"], *synonyms()["about"])]
    bare = ((reading, reading.removeprefix(word)) for reading in said for word in words)
    return [rest for reading, rest in bare if rest and rest != reading]


@cache
def _short_words() -> Table[str, str]:
    return {short: whole for whole, listed in synonyms()["short_words"].items() for short in listed}


def in_full(reading: str) -> str:
    """A reading with the words in full that databases shorten: ``rslv dttm`` is resolved time."""
    words = _short_words()
    return " ".join(words.get(word, word) for word in reading.split(" "))


def means(header: str, names: Iterable[str]) -> bool:
    """Whether any reading of the header equals one of the names."""
    return next(ranks(header, names), None) is not None


FAR = 9
"""How far inside a header that means a moment only without its words for date and time is: all others come first."""
BEFORE = re.compile(
    r"^(gmt )?((ticket|case|incident|issue|request|work order) |工单|服务单|维修单)?"
    r"((date time|datetime|date|time|timestamp)( of)? )?"
)
BEHIND = re.compile(
    r"( date time| datetime| date| time| timestamp| sent| at| on| am| utc| gmt|日期时间|日时|日期|时间|时刻|日|于)+$"
)
"""What a header of a moment says beside what happened then."""


def bare_moment(header: str) -> str:
    """A header without the words that say that it is a moment, and who made it one: Resolved On, Date/Time Resolved,
    resolved_at_utc, 师傅接单时间."""
    name = in_full(spoken(ASIDE.sub("", header) or header))
    bare = BEHIND.sub("", BEFORE.sub("", name)) or name
    doers = (word for word in synonyms()["doers"] if word not in synonyms()["outsiders"])
    return next((rest for word in doers if bare.startswith(word) and (rest := bare.removeprefix(word))), bare)


HALVES = ("日期", "时间", "时刻", "date", "datum", "uhrzeit", "time", "zeit", "day")


def _stem(header: str) -> str | None:
    """A header without the word that says whether it is the date or the time of day; ``None`` where none says so."""
    name = spoken(header).replace(" ", "")
    return next((name.replace(half, "") for half in HALVES if half in name), None)


def readings(header: str) -> Iterator[str]:
    """The header as it stands; of a value inside an object its own name, or the object's where its own says little."""
    if field := CUSTOM.fullmatch(header):
        header = next(filter(None, field.groups()))
    parts = [spoken(part) for part in header.split(".")]
    yield " ".join(parts)
    if len(parts) > 1 and parts[-1] not in ADDRESSES:
        yield parts[-2] if parts[-1] in SAY_LITTLE else parts[-1]
    if (bare := ASIDE.sub("", header)) != header:
        yield spoken(bare)
    if len(path := bare.split(" - ")) > 1:
        yield spoken(path[-1])
    if 1 < len(measured := UNIT_BEHIND.sub("", bare)) < len(bare):
        yield spoken(measured)
    if len(tongues := TONGUES.findall(bare)) > 1:
        yield from (spoken(part) for part in tongues)


CUSTOM = re.compile(r"(?i)custom field \((.+)\)|u_(.+)|(.+)__c")
"""How service desks name the columns that their users added: Custom field (Rating), u_rating, Rating__c."""
ASIDE = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
"""What stands in brackets at the end of a header: a unit or a scale, as in 回访打分(1-5)."""
UNIT_BEHIND = re.compile(r"(?i)[ _](?:seconds?|secs?|minutes?|mins?|hours?|hrs?)$|(?:秒钟?|分钟|小时)$")
"""A unit at the end of a header, as in 处理时长秒 and handle_time_sec."""
TONGUES = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z][A-Za-z ./_-]+[A-Za-z]")
"""The parts of a header in two languages, as in 工单号 Ticket No."""
SAY_LITTLE = {
    "name", "nick", "nick name", "display name", "display value", "full name", "value", "score", "label", "calendar",
}  # fmt: skip
ADDRESSES = {"id", "account id", "key", "url", "self", "email"}
"""They tell an object from others and are nothing of the case's own."""


def clock_beside(profile: FileProfile, day: str, names: Iterable[str]) -> str | None:
    """The column with the time of day of a column of days: of the same stem, or called as a case's opening is."""
    listed, stem = [*names, *synonyms()["time_halves"]], _stem(day)
    clocks = [header for header, column in profile.columns.items() if column.clocks >= 0.8]
    found = [header for header in clocks if stem is not None and _stem(header) == stem]
    return next(iter([*found, *(header for header in clocks if fits_name(header, listed))]), None)


def _place(own: str, names: Iterable[str]) -> int | None:
    for n, name in enumerate(names):
        wanted = spoken(name.rstrip("*"))
        if (
            own == wanted
            or (name.endswith("*") and own.startswith(wanted))
            or own.replace(" ", "") == wanted.replace(" ", "")
        ):
            return n
    return None


@dataclass
class Matcher:
    """Finds for each column of a dataset the header that means it; a header is given away once a dataset."""

    connection: Connection
    profile: FileProfile
    upgraded: dict[str, Profile] = field(default_factory=dict)

    def headers(self, dataset: str, *, without: Iterable[str] = ()) -> dict[str, str]:
        """Column → header, for all columns of the dataset that are found; ``states`` has its own names."""
        taken = set(without)
        found: dict[str, str] = {}
        for name, names in synonyms()["columns"][dataset].items():
            column = None if dataset == "states" else schema.dataset(dataset).column(name)
            header = self.find(names, column, without=taken)
            if header is not None:
                found[name] = header
                taken.add(header)
        return found

    def find(self, names: Iterable[str], column: Column | None, *, without: Iterable[str] = ()) -> str | None:
        """The header with the best name whose cells can be what the column holds."""
        listed = list(names)
        moment = column is not None and column.type is Type.MOMENT
        ranked = [(r, h) for h in self.profile.columns if h not in without for r in ranks(h, listed)]
        if moment:
            stems = [bare_moment(name) for name in listed]
            ranked += [
                ((FAR, place), h)
                for h in self.profile.columns
                if h not in without and (place := _place(bare_moment(h), stems)) is not None
            ]
        for _, named in sorted(ranked, key=lambda pair: pair[0]):
            header = self.days.get(named, named) if moment else named
            if header not in without and self.fits(header, column):
                return header
        return None

    @cached_property
    def days(self) -> dict[str, str]:
        """Clock column → date column, where two columns tell a moment: of one stem, as 报修日期 and 报修时间, or both
        called as a case's opening usually is in two halves."""
        dated = [header for header, profile in self.profile.columns.items() if profile.is_date]
        stems = {_stem(header): header for header in dated}
        ranked = [(place, h) for h in dated if (place := rank(h, synonyms()["date_halves"])) is not None]
        found: dict[str, str] = {}
        for clock in (header for header, profile in self.profile.columns.items() if profile.clocks >= 0.8):
            stem = _stem(clock)
            if stem is not None and stem in stems:
                found[clock] = stems[stem]
            elif ranked and fits_name(clock, synonyms()["time_halves"]):
                found[clock] = min(ranked)[1]
        return found

    def clock_of(self, day: str) -> str | None:
        """The column with the time of day of a date column."""
        return next((clock for clock, date in self.days.items() if date == day), None)

    def fits(self, header: str, column: Column | None) -> bool:
        """Whether the cells can be of the column's type; a column without any cell fits nothing."""
        profile = self.of(header)
        if not profile.filled:
            return False
        if column is None:
            return True
        if column.type in {Type.MOMENT, Type.DAY}:
            return profile.is_date or self._is_numeric_date(header, profile) or profile.may_be_dates
        if column.type is Type.TEXT:
            return not profile.is_date and (not column.values or self._known_values(profile, column))
        return self._fits_number(profile, column)

    def of(self, header: str) -> Profile:
        return self.upgraded.get(header) or self.profile.columns[header]

    def _fits_number(self, profile: Profile, column: Column) -> bool:
        if column.type is Type.FLAG:
            return profile.flags >= 0.8 or (bool(value_words(column)) and self._known_values(profile, column))
        if target_unit(column.name):
            return profile.durations >= 0.8
        bounds = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}.get(column.name)
        if profile.numbers < 0.8 and value_words(column):
            return self._known_values(profile, column)
        return profile.numbers >= 0.8 and (bounds is None or _within(profile, *bounds))

    def _is_numeric_date(self, header: str, profile: Profile) -> bool:
        if not profile.numbers:
            return False
        evidence = numeric_dates(self.connection, self.profile, header)
        if evidence is None or not evidence.sure:
            return False
        self.upgraded[header] = replace(profile, dates=evidence)
        return True

    def counts_days(self, header: str) -> bool:
        """Whether a column that says that it is a date counts days as spreadsheets do: 46082 for 2026-03-01."""
        if _stem(header) is None or not self._is_numeric_date(header, self.of(header)):
            return False
        found = self.of(header).dates
        return found is not None and found.formats == (EXCEL,)

    def _known_values(self, profile: Profile, column: Column) -> bool:
        known = {*column.values, *value_words(column)}
        said = sum(n for value, n in profile.top if value.casefold() in known or word_of(column, value))
        return said >= 0.5 * profile.filled


def _within(profile: Profile, low: int, high: int) -> bool:
    """Whether the numbers keep within a scale, all of them or, where it has few values, most."""
    if profile.lowest is not None and profile.highest is not None and low <= profile.lowest <= profile.highest <= high:
        return True
    scale = {f"{number}{zeros}" for number in range(low, high + 1) for zeros in ("", ".0", ".00", "分", "星")}
    on_scale = sum(n for value, n in profile.top if value.strip() in scale)
    return on_scale >= MOST * profile.filled


def value_words(column: Column) -> Table[str, str]:
    """Words that people use for the column's fixed values, or for its numbers → the value, empty for none."""
    table = synonyms()["values"].get(column.name, {})
    known = {value: words for value, words in table.items() if not column.values or value in column.values}
    return {said_word(str(word)): value for value, words in known.items() for word in words}


def said_word(cell: str) -> str:
    """A cell as words are compared: in small letters, Chinese in its short ones."""
    return cell.casefold().translate(SHORT_LETTERS)


def word_of(column: Column, value: str) -> str:
    """What a word of the file says in this column, empty for nothing; a rating in words may hold its number."""
    known = value_words(column).get(said_word(value))
    if known is None and column.name == "csat":
        if found := DIGIT.fullmatch(value):
            return found[1]
        if STARS.fullmatch(value):
            return str(sum(map(value.count, "★⭐🌟")))
    return known or ""


def zone_of(header: str) -> str:
    """The zone that a header of moments names, empty for none: Created (UTC), opened_at_gmt, OpenedUtc,
    创建时间（UTC+8）."""
    found = ZONE.search(re.sub("(?<=[a-z])(?=UTC|Utc|GMT|Gmt)", "_", header))
    if found is None or header.casefold().startswith("gmt_"):  # gmt_create is when, in the time of the place
        return ""
    hours = int(found[1] or 0)
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def zone_in(formats: Iterable[str]) -> str:
    """The zone that the cells of these formats name, like EST; empty for none, and for one of several meanings."""
    named = {synonyms()["zones"].get(name, "") for name in map(zone_name, formats) if name}
    return named.pop() if len(named) == 1 else ""


def unit_of(header: str) -> str:
    """The unit of time that a header names; empty where it names none."""
    if CLOCK.search(header):
        return "hours"
    words = folded(header).split("_")
    found = (u for u, names in UNITS.items() if any(n in words or (not n.isascii() and n in header) for n in names))
    return next(found, "")


ZONE = re.compile(r"(?i)(?:^|[^a-z])(?:utc|gmt)(?:([+-]\d{1,2})(?::?00)?)?(?:$|[^a-z0-9])")
CLOCK = re.compile(r"(?i)\bh{1,2}:mm\b(?!:)")
"""A header that says that its clocks begin with hours and end with minutes."""
UNITS = {
    "minutes": ("minutes", "minute", "min", "mins", "分钟"),
    "hours": ("hours", "hour", "hrs", "hr", "h", "小时"),
    "seconds": ("seconds", "second", "sec", "secs", "s", "秒"),
    "days": ("days", "天"),
}
