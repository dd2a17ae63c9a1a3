"""Reads moments, days and durations out of text cells, as SQL over whole columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from fuxiao.datasets.importing import numbers, sql

ISO = "iso"
EXCEL = "excel"
EPOCH = "epoch"
EPOCH_MS = "epoch_ms"
SPECIAL = (ISO, EXCEL, EPOCH, EPOCH_MS)
"""Formats that have a name instead of a pattern: ``2026-08-03 09:05``, days since 1899-12-30, seconds, milliseconds."""
FIRST_YEAR = 1990
UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
MORNING, AFTERNOON, NOON, EVENING = ("上午", "凌晨", "早上", "清晨"), ("下午", "傍晚"), "中午", "晚上"
HALVES = (*MORNING, *AFTERNOON, NOON, EVENING)
"""What Chinese says before a clock of twelve hours, and often before one of twenty-four."""
LETTERED = "[ \u00a0\u202f]*([AaPp])[.]?[ \u00a0\u202f]?([Mm])[.]?$"
"""The half of the day as Spanish and some programs write it: 3:05 p. m., 3:05 p.m., and after a narrow space."""
WEEKDAY = re.compile("[(（]?%[aA][)）]?,?")
WEEKDAYS = (
    "[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|"
    "(?i:[(（]?\\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\\b[.,]?[)）]?,?)"
)
"""A day of the week beside a date tells nothing more: 2026-03-05 14:05(星期四), Thu, 5 Mar 2026."""
OFFSET = " ?[(]?(?:Z|(?:UTC|GMT)? ?([+-][0-9]{1,2})(?::?([0-9]{2}))?|UTC|GMT)[)]?(?: [(][^()]*[)])?( [0-9]{4})?$"
"""What a cell says of its zone behind the time, or before the year as in Jul 02 10:00:00 GMT 2026."""
ZONE_NAME = re.compile(r" ([A-Z]{2,5})( [0-9]{4}| %Y)?$")
"""The name of a zone behind the time, in a cell or in a format; half of the day is none."""

CLOCK = "[:：时時点點]|[0-9]{9}|[0-9][ T]+[0-9]"
"""What a cell has that tells a time of day: 09:30, 9时30分, 20261005093000, a count of seconds."""


def zone_name(text: str) -> str:
    """The name that a cell or a format says a zone by; empty for none, and for Greenwich, which has one meaning."""
    found = ZONE_NAME.search(text)
    return found[1] if found and found[1] not in {"AM", "PM", "UTC", "GMT"} else ""


def timestamp(cell: str, formats: Sequence[str]) -> str:
    """The cell as a local time without zone (TIMESTAMP), null where it is none. Formats are tried in turn."""
    return sql.first_of([_timestamp(cell, each) for each in formats or (ISO,)])


def _timestamp(cell: str, form: str) -> str:
    if WEEKDAY.search(form):
        return _timestamp(without_weekday(cell), " ".join(WEEKDAY.sub(" ", form).split()))
    if form == ISO:
        return f"try_cast({cell} as timestamp)"
    if "%z" in form:
        bare = f"regexp_replace({cell}, {sql.text(OFFSET)}, '\\3')"
        said = f"regexp_matches({cell}, {sql.text(OFFSET)})"
        return f"(case when {said} then {_timestamp(bare, form.replace(' %z', ''))} end)"
    if form in SPECIAL:
        return _counted(cell, form)
    if "%p" in form:
        plain = f"regexp_replace({cell}, {sql.text(LETTERED)}, ' \\1\\2')"
        tried = [f"try_strptime({each}, {sql.text(form)})" for each in (cell, plain)]
        return sql.first_of([*tried, _halved(cell, form)])
    return f"try_strptime({cell}, {sql.text(form)})"


def _counted(cell: str, form: str) -> str:
    """A moment that is written as a number: days of a spreadsheet, seconds or milliseconds since 1970."""
    number = f"try_cast({cell} as double)"
    if form == EXCEL:  # day 0 is 1899-12-30; before 1982 and after 2119 a number is not meant as a day
        seconds = f"cast(round({number} * 86400) as bigint)"
        return f"(case when {number} between 30000 and 80000 then timestamp '1899-12-30' + to_seconds({seconds}) end)"
    scale = 1
    if form == EPOCH_MS:
        scale, said = 1000, f"regexp_extract({cell}, '^[^0-9-]*Date[(](-?[0-9]+)', 1)"
        number = f"coalesce({number}, try_cast({said} as double))"
    seconds = f"cast(floor({number} / {scale}) as bigint)"
    whole = f"{number} between 0 and {4102444800 * scale} and not {is_cut(cell)}"
    return f"(case when {whole} then make_timestamp({seconds} * 1000000) end)"


def is_cut(cell: str) -> str:
    """Whether a spreadsheet wrote a count of seconds as 1.7602E+12: what is left of it tells the day at best."""
    return f"(contains({cell}, '+') and regexp_full_match({cell}, '[0-9]([.][0-9]{{0,8}})?[eE][+][0-9]+'))"


def without_weekday(cell: str) -> str:
    """The cell without the day of the week, wherever that stands in it."""
    return f"trim(regexp_replace(regexp_replace({cell}, {sql.text(WEEKDAYS)}, ' ', 'g'), '\\s+', ' ', 'g'))"


def _halved(cell: str, form: str) -> str:
    """A moment with the half of the day in Chinese: the clock as it stands, moved where it shows twelve hours."""
    bare = f"trim(regexp_replace({cell}, '({'|'.join(HALVES)}|\\s)+', ' ', 'g'))"
    clock = " ".join(form.replace("%p", "").replace("%I", "%H").split())
    local = f"try_strptime({bare}, {sql.text(clock)})"

    def said(*words: str) -> str:
        return f"regexp_matches({cell}, {sql.text('|'.join(words))})"

    late = f"{said(*AFTERNOON, EVENING)} and hour({local}) < 12 or {said(NOON)} and hour({local}) < 10"
    return (
        f"(case when {late} or {said(EVENING)} and hour({local}) = 12 then {local} + interval 12 hours "
        f"when {said(*MORNING)} and hour({local}) = 12 then {local} - interval 12 hours "
        f"when {said(*HALVES)} then {local} end)"
    )


def moment(cell: str, formats: Sequence[str], zone: str) -> str:
    """The cell as whole seconds since 1970 UTC; a local time is taken in ``zone``, an offset in the cell wins."""
    if counted := [each for each in formats if each in {EPOCH, EPOCH_MS}]:
        plain = [each for each in formats if each not in counted]
        since_1970 = f"cast(epoch({timestamp(cell, counted)}) as bigint)"
        return sql.first_of([since_1970, *([moment(cell, plain, zone)] if plain else [])])
    zoned = [each for each in formats if "%z" in each]
    if zoned:
        plain = [each for each in formats if each not in zoned]
        away = [f"{_to_utc(timestamp(cell, [each]), 'UTC')} - {_offset(cell)}" for each in zoned]
        return sql.first_of([*away, *([moment(cell, plain, zone)] if plain else [])])
    local = _to_utc(timestamp(cell, formats), zone)
    if formats and ISO not in formats:
        return local
    ending = "(:[0-9.]+ ?[+-][0-9]{2}:?([0-9]{2})?|UTC|GMT)$"
    long = f"strlen({cell}) > 19"  # a plain moment is shorter: most cells are spared the pattern
    offset = (
        f"(suffix({cell}, 'Z') or suffix({cell}, 'GMT') or ({long} and regexp_matches({cell}, {sql.text(ending)})))"
    )
    close = f"regexp_replace({cell}, ' ([+-][0-9:]+|Z)$', '\\1')"  # a space before the offset is not read otherwise
    absolute = f"cast(floor(epoch(try_cast({close} as timestamptz))) as bigint)"
    # Names of zones end with a T (for time): read as a local time, a moment in EST would be half a day off.
    rest = f"when {offset} then {absolute} when suffix({cell}, 'T') then null else {local} end"
    bare = f"strlen({cell}) <= 19 and not suffix({cell}, 'Z') and not suffix({cell}, 'T')"
    return f"(case {_when_steady(timestamp(cell, formats), zone, bare)} {rest})"


def _offset(cell: str) -> str:
    """Seconds from UTC of the zone behind a moment."""
    hours, minutes = (f"try_cast(regexp_extract({cell}, {sql.text(OFFSET)}, {n}) as integer)" for n in (1, 2))
    sign = f"case when regexp_matches({cell}, '-[0-9:]+[)]?( [0-9]{{4}}| [(].*)?$') then -1 else 1 end"
    return f"(coalesce({hours}, 0) * 3600 + coalesce({minutes}, 0) * 60 * {sign})"


def _to_utc(local: str, zone: str) -> str:
    """Seconds of a local time; where the zone has kept one offset since some moment, that is one subtraction.

    A local time that a clock change skips or repeats is read as the database's time zone data (ICU) say.
    """
    seconds = f"(epoch_us({local}) // 1000000)"
    since, offset = _steady_since(zone)
    if since is None:
        return f"cast(floor(epoch(timezone({sql.text(zone)}, {local}))) as bigint)"
    slow = f"floor(epoch(timezone({sql.text(zone)}, {local})))"
    steady = f"{seconds} - {offset}"
    if since == 0:
        return f"cast({steady} as bigint)"
    return f"cast((case when {seconds} >= {since} then {steady} else {slow} end) as bigint)"


def _when_steady(local: str, zone: str, condition: str) -> str:
    """The arm of a CASE for local times of the one offset that the zone has kept: most are. It stands first, where the
    database reads a time once for the condition and for the value."""
    since, offset = _steady_since(zone)
    seconds = f"(epoch_us({local}) // 1000000)"
    return (
        "" if since is None else f"when {seconds} >= {since} and {condition} then cast({seconds} - {offset} as bigint)"
    )


def at_midnight(value: str, zone: str) -> str:
    """Whether a moment in seconds is the beginning of a day: asked only where an offset of the zone makes it one."""
    likely = f"{value} % 86400 in ({', '.join(str(-offset % 86400) for offset in sorted(_offsets(zone)))})"
    return f"(case when {likely} then epoch({_local(value, zone)}) % 86400 = 0 else false end)"


def end_of_day(value: str, zone: str) -> str:
    """The last second of the day that a moment in seconds lies in."""
    return _to_utc(f"(date_trunc('day', {_local(value, zone)}) + interval 86399 seconds)", zone)


@lru_cache(maxsize=64)
def _offsets(zone: str) -> frozenset[int]:
    """The offsets that the zone has kept in a week of any year from 1970 on."""
    place, first = ZoneInfo(zone), datetime(1970, 1, 1, tzinfo=UTC)
    found = ((first + timedelta(days=day)).astimezone(place).utcoffset() for day in range(0, 68 * 366, 7))
    return frozenset(int(each.total_seconds()) for each in found if each is not None)


def _local(value: str, zone: str) -> str:
    return f"timezone({sql.text(zone)}, to_timestamp({value}))"


@lru_cache(maxsize=64)
def _steady_since(zone: str) -> tuple[int | None, int]:
    """From which second on (0: since 1970) the zone has one offset, and that offset; ``None`` if it has not."""
    place, day, last = ZoneInfo(zone), datetime(2037, 12, 31, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
    offset = day.astimezone(place).utcoffset()
    while day > last and day.astimezone(place).utcoffset() == offset:
        day -= timedelta(days=7)
    seconds = int(offset.total_seconds()) if offset is not None else 0
    if day <= last:
        return 0, seconds
    return (None, seconds) if day.year >= 2030 else (int(day.timestamp()) + 15 * 86400, seconds)


def day(cell: str, formats: Sequence[str]) -> str:
    """The cell as days since 1970-01-01 of the local calendar."""
    return f"cast(floor(epoch({timestamp(cell, formats)}) / 86400) as integer)"


def seconds(cell: str, *, unit: str = "seconds", decimal: str = ".") -> str:
    """The cell as a duration in seconds (DECIMAL): a number of ``unit``, ``00:02:59``, ``3分20秒``, ``1h 5m``,
    ``1 day 03:00:00``.

    A clock of two parts is minutes and seconds, of hours it is hours and minutes.
    """
    number = f"{numbers.amount(cell, decimal)} * {UNIT_SECONDS[unit or 'seconds']}"
    parts = f"string_split({cell}, ':')"
    last = f"case len({parts}) when 2 then 60 else 1 end" if unit == "hours" else "1"
    clock = (
        f"(case when regexp_full_match({cell}, '([0-9]+:)?[0-9]+:[0-5]?[0-9](\\.[0-9]+)?') then "
        f"list_sum(list_transform(list_reverse({parts}), lambda part, n: try_cast(part as decimal(18,4)) * "
        f"case n when 1 then 1 when 2 then 60 else 3600 end)) * {last} end)"
    )
    days = (
        f"(case when regexp_full_match({cell}, '[0-9]+ days?,? [0-9]+:[0-9]{{2}}:[0-9]{{2}}([.][0-9]+)?') then "
        f"cast(epoch(try_cast(replace({cell}, ',', '') as interval)) as decimal(18,4)) end)"
    )
    words = _words(f"replace({cell}, ',', '.')" if decimal == "," else cell)
    return f"cast({sql.first_of([number, clock, words, days])} as decimal(18,4))"


WORD_UNITS = (
    ("(天|日|days?|d)", 86400),
    ("(小时|时|hours?|hrs?|h)", 3600),
    ("(分钟|分|minutes?|mins?|m)", 60),
    ("(秒钟|秒|seconds?|secs?|s)", 1),
)


def _words(cell: str) -> str:
    number = "([0-9]+(?:\\.[0-9]+)?)"
    whole = "".join(f"({number}\\s*{unit}\\s*)?" for unit, _ in WORD_UNITS)
    found = [f"regexp_extract({cell}, '(?i){number}\\s*{unit}(?:[^a-z]|$)', 1)" for unit, _ in WORD_UNITS]
    sizes = [size for _, size in WORD_UNITS]
    terms = [
        f"coalesce(try_cast(nullif({part}, '') as decimal(18,4)), 0) * {size}"
        for part, size in zip(found, sizes, strict=True)
    ]
    return f"(case when {cell} <> '' and regexp_full_match({cell}, '(?i){whole}') then {' + '.join(terms)} end)"
