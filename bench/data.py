"""An invented service log of any size, drawn column by column from a seed and written as canonical records.

Cases lie evenly over five years, or over the last of their months. The same size and seed give the same rows, whatever is asked for first: every chunk of
cases has a generator of its own, and the records beside a case are drawn from its chunk again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fuxiao.datasets.store import Store

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SEED = 20261101
CHUNK = 500_000
FIRST, LAST = date(2021, 11, 1), date(2026, 11, 1)
START = (FIRST - date(1970, 1, 1)).days * 86_400 - 8 * 3600
SPAN = (LAST - FIRST).days * 86_400
CUT_OFF = START + SPAN
LOADED_AT = CUT_OFF + 86_400
HOUR, DAY = 3600, 86_400
CHANNELS = pa.array(["phone", "chat", "app", "mail"])
PRIORITIES = pa.array(["P1", "P2", "P3", "P4"])
EVENT_TYPES = pa.array([
    "created", "assigned", "responded", "pend_start", "pend_end", "transferred", "resolved", "reopened", "resolved",
])  # fmt: skip
OUTCOMES = pa.array(["fixed", "parts_needed", "no_fault_found", "no_access"])
COST_KINDS = pa.array(["labour", "parts", "travel", "refund"])
TEAM_SIZE = 20

SETTINGS = """name = "bench"
zone = "Asia/Shanghai"
currency = "CNY"
language = "en"
calendar = "office"
"""
CALENDAR = """key: office
zone: Asia/Shanghai
week:
  mon-fri: ["08:30-12:00", "13:30-18:00"]
  sat: ["09:00-12:00"]
holidays: [2022-10-03, 2022-10-04, 2023-05-01, 2024-02-12, 2024-02-13, 2025-10-01, 2025-10-02, 2026-02-17, 2026-10-01]
workdays: {2024-02-18: mon, 2026-02-28: fri}
"""
LEVELS = """policies:
  - {key: urgent, calendar: office, priority: P1, first_response_minutes: 30, resolution_minutes: 480}
  - {key: high, calendar: office, priority: P2, first_response_minutes: 60, resolution_minutes: 960}
  - {key: rest, calendar: office, first_response_minutes: 240, resolution_minutes: 2400}
"""


@dataclass(frozen=True)
class Log:
    """So many cases from the second ``since`` to the cut-off, shared by so many people."""

    cases: int
    people: int
    since: int = START

    @classmethod
    def of(cls, cases: int) -> Log:
        """Five years, shared by a thousand people at a million cases and by five thousand at ten."""
        return cls(cases, min(5_000, max(50, cases // 1_000)))

    @classmethod
    def over(cls, first: date, cases: int, people: int) -> Log:
        """From a day on."""
        return cls(cases, people, START + (first - FIRST).days * DAY)


@dataclass(frozen=True)
class Chunk:
    """The cases ``first`` to ``first + size``, with every number drawn that their records are made of."""

    first: int
    size: int
    log: Log

    @cached_property
    def _rng(self) -> np.random.Generator:
        return np.random.default_rng((SEED, self.first))

    def _chance(self, share: float) -> Flags:
        return self._rng.random(self.size) < share

    def _seconds(self, mean: float) -> Ints:
        return self._rng.exponential(mean, self.size).astype(np.int64) + 1

    def _pick(self, count: int) -> Ints:
        return self._rng.integers(0, count, self.size)

    @cached_property
    def drawn(self) -> Drawn:
        """All that is random; drawn at once and in this order, so that every data set sees the same."""
        place = self.first + np.arange(self.size) + self._rng.random(self.size)
        people, since = self.log.people, self.log.since
        person, device = self._pick(people), self._pick(max(10, self.log.cases // 3))
        waits = [self._seconds(mean) for mean in (HOUR, 2 * HOUR, 8 * HOUR, DAY, 6 * HOUR, 30 * HOUR, 5 * DAY, DAY)]
        kinds = [self._chance(share) for share in (0.97, 0.2, 0.12, 0.97, 0.05, 0.3, 0.3, 0.3, 0.15)]
        return Drawn(
            opened=since + (place / self.log.cases * (CUT_OFF - since)).astype(np.int64),
            person=person,
            second=(person + 1 + self._pick(people - 1)) % people,
            device=device,
            waits=waits,
            kinds=kinds,
            small=[self._pick(count) for count in (4, 4, 12, 8, 30, 5, 2, 3, 100, 1000)],
        )

    @cached_property
    def case_id(self) -> pa.Array:
        return numbered("C", self.first + np.arange(self.size), 9)

    @cached_property
    def moments(self) -> tuple[Ints, Flags]:
        """Moments of the nine possible events of each case, and whether they happened before the end."""
        d = self.drawn
        answered, paused, passed, resolved, reopened = d.kinds[:5]
        assigned, replied, until, pause, passing, solving, again, second = d.waits
        at = np.empty((self.size, 9), dtype=np.int64)
        at[:, 0] = d.opened
        at[:, 1] = at[:, 0] + assigned
        at[:, 2] = at[:, 1] + replied
        at[:, 3] = at[:, 2] + until
        at[:, 4] = at[:, 3] + pause
        at[:, 5] = np.where(paused, at[:, 4], at[:, 2]) + passing
        at[:, 6] = np.where(passed, at[:, 5], np.where(paused, at[:, 4], at[:, 2])) + solving
        at[:, 7] = at[:, 6] + again
        at[:, 8] = at[:, 7] + second
        always = np.ones(self.size, dtype=bool)
        back = resolved & reopened
        made = np.stack([always, always, answered, paused, paused, passed, resolved, back, back], axis=1)
        return at, made & (at < CUT_OFF)


@dataclass(frozen=True)
class Drawn:
    """Random numbers of a chunk, an element a case."""

    opened: Ints
    person: Ints
    second: Ints
    device: Ints
    waits: list[Ints]
    kinds: list[Flags]
    small: list[Ints]


def numbered(letter: str, numbers: Ints, digits: int) -> pa.Array:
    """``letter`` and the number, padded: ``P0042``."""
    text = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), digits, "0")
    return pc.binary_join_element_wise(letter, text, "")


def persons(numbers: Ints, missing: Flags | None = None) -> pa.Array:
    """Employee numbers; null where ``missing``."""
    known = numbered("P", np.arange(10_000), 4)
    return known.take(pa.array(numbers, mask=missing))


def cases(chunk: Chunk) -> pa.Table:
    """The case records; clocks are in the events, only the closing is a column."""
    d = chunk.drawn
    at, made = chunk.moments
    channel, priority, category, group, product, region, warranty, contacts, minutes, handle = d.small
    closed = np.where(made[:, 8], at[:, 8], at[:, 6]) + DAY
    return pa.table({
        "case_id": chunk.case_id,
        "channel": CHANNELS.take(pa.array(channel)),
        "case_type": pa.array(np.where(d.kinds[5], "field", "desk")),
        "category": numbered("K", category, 2),
        "priority": PRIORITIES.take(pa.array(priority)),
        "customer_id": numbered("U", d.device // 2, 8),
        "device_id": numbered("D", d.device, 8),
        "opened_at": d.opened,
        "closed_at": pa.array(closed, mask=~made[:, 6] | (closed >= CUT_OFF)),
        "fault_group": numbered("F", group, 2),
        "product": numbered("M", product, 2),
        "region": numbered("R", region, 1),
        "in_warranty": warranty == 1,
        "contacts": contacts + 1,
        "handle_seconds": handle * 3 + 60,
        "standard_minutes": minutes + 10,
        "is_test": d.small[9] == 7,
    })  # fmt: skip


def case_events(chunk: Chunk) -> pa.Table:
    """About four and a half events a case, in their order."""
    d = chunk.drawn
    at, made = chunk.moments
    kept = made.ravel()
    slot = np.tile(np.arange(9), chunk.size)[kept]
    row = np.repeat(np.arange(chunk.size), 9)[kept]
    passed = made[row, 5]
    holder = np.where(passed & (slot > 5), d.second[row], d.person[row])
    receiver = np.where(slot == 5, d.second[row], d.person[row])
    handed = np.isin(slot, (1, 5))
    return pa.table({
        "case_id": chunk.case_id.take(pa.array(row)),
        "seq": slot + 1,
        "at": at.ravel()[kept],
        "type": EVENT_TYPES.take(pa.array(slot)),
        "kind": pa.array(np.where(d.small[7][row] == 0, "parts", "customer"), mask=~np.isin(slot, (3, 4))),
        "actor": persons(holder, np.isin(slot, (0, 1, 7))),
        "to_person": persons(receiver, ~handed),
        "to_unit": pc.if_else(pa.array(handed), numbered("T", receiver // TEAM_SIZE, 3), None),
        "wrong": (slot == 5) & (d.small[8][row] < 5),
    })  # fmt: skip


def visits(chunk: Chunk) -> pa.Table:
    """One visit to three cases of ten, a second to some of those."""
    d = chunk.drawn
    at, made = chunk.moments
    first = np.flatnonzero(d.kinds[5] & made[:, 2])
    again = first[d.kinds[8][first]]
    row = np.concatenate([first, again])
    number = np.concatenate([np.ones(len(first)), np.full(len(again), 2)]).astype(np.int64)
    window = at[row, 2] + number * DAY
    arrived = window + (d.small[9][row] - 400) * 6
    return pa.table({
        "case_id": chunk.case_id.take(pa.array(row)),
        "visit_no": number,
        "engineer": persons(d.person[row]),
        "window_start": window,
        "window_end": window + 2 * HOUR,
        "arrived_at": arrived,
        "left_at": arrived + HOUR,
        "work_min": d.small[8][row] + 20,
        "travel_min": d.small[8][row] // 2 + 5,
        "outcome": OUTCOMES.take(pa.array(d.small[0][row] * d.small[6][row])),
    })  # fmt: skip


def surveys(chunk: Chunk) -> pa.Table:
    """An invitation after three resolved cases of ten, half of them answered."""
    d = chunk.drawn
    at, made = chunk.moments
    row = np.flatnonzero(d.kinds[6] & made[:, 6])
    invited = at[row, 6] + HOUR
    silent = d.small[6][row] == 0
    return pa.table({
        "survey_id": numbered("S", chunk.first + row, 9),
        "case_id": chunk.case_id.take(pa.array(row)),
        "invited_at": invited,
        "delivered": d.small[8][row] > 3,
        "answered_at": pa.array(invited + d.small[9][row] * 90, mask=silent),
        "csat": pa.array(1 + (d.small[9][row] * 7) % 5, mask=silent),
        "nps": pa.array(d.small[9][row] % 11, mask=silent),
        "solved": pa.array(d.small[8][row] % 5 > 0, mask=silent),
    })  # fmt: skip


def costs(chunk: Chunk) -> pa.Table:
    """What three cases of ten cost."""
    d = chunk.drawn
    at, made = chunk.moments
    row = np.flatnonzero(d.kinds[7] & made[:, 6])
    return pa.table({
        "cost_id": numbered("E", chunk.first + row, 9),
        "case_id": chunk.case_id.take(pa.array(row)),
        "spent_at": at[row, 6],
        "kind": COST_KINDS.take(pa.array(d.small[1][row])),
        "amount": d.small[9][row] * 37 + 500,
        "policy_limit": np.full(len(row), 20_000),
        "approved_by": persons(d.person[row]),
    })  # fmt: skip


BY_CASE: dict[str, Callable[[Chunk], pa.Table]] = {
    "cases": cases, "case_events": case_events, "visits": visits, "surveys": surveys, "costs": costs,
}  # fmt: skip


def registers(log: Log) -> dict[str, pa.Table]:
    """People, where they belong (every third changed his team once), and the teams under their regions."""
    count = log.people
    number = np.arange(count)
    first = (FIRST - date(1970, 1, 1)).days - 400
    moved = number[number % 3 == 0]
    change = first + 800 + moved % 700
    ends = pa.array(first + 800 + number % 700, mask=number % 3 != 0).cast(pa.int32())
    teams = np.arange((count + TEAM_SIZE - 1) // TEAM_SIZE)
    regions = np.arange(len(teams) // 10 + 1)
    return {
        "people": pa.table({"person": persons(number), "name": persons(number), "wage": np.full(count, 800_000),
                            "bonus_base": np.full(count, 200_000)}),
        "memberships": pa.table({
            "person": persons(np.concatenate([number, moved])),
            "team": numbered("T", np.concatenate([number // TEAM_SIZE, (moved // TEAM_SIZE + 1) % len(teams)]), 3),
            "role": pa.array(["engineer"] * (count + len(moved))),
            "valid_from": pa.array(np.concatenate([np.full(count, first), change]), pa.int32()),
            "valid_to": pa.chunked_array([ends, pa.nulls(len(moved), pa.int32())]),
        }),
        "teams": pa.table({
            "team": pa.concat_arrays([numbered("T", teams, 3), numbered("G", regions, 2), pa.array(["HQ"])]),
            "parent": pa.concat_arrays([numbered("G", teams // 10, 2), pa.array(["HQ"] * len(regions)),
                                        pa.nulls(1, pa.string())]),
        }),
    }  # fmt: skip


def chunks(log: Log) -> Iterator[Chunk]:
    for first in range(0, log.cases, CHUNK):
        yield Chunk(first, min(CHUNK, log.cases - first), log)


def reader(name: str, log: Log) -> pa.RecordBatchReader:
    """All records of a data set that belongs to cases, a chunk at a time, with their line numbers."""
    make = BY_CASE[name]
    schema = _lined(make(Chunk(0, min(log.cases, 100), log)), 0).schema

    def batches() -> Iterator[pa.RecordBatch]:
        line = 0
        for chunk in chunks(log):
            table = _lined(make(chunk), line).cast(schema)
            line += table.num_rows
            yield from table.combine_chunks().to_batches()

    return pa.RecordBatchReader.from_batches(schema, batches())


def _lined(table: pa.Table, before: int) -> pa.Table:
    return table.append_column("_row", pa.array(np.arange(1, table.num_rows + 1) + before))


def write_home(home: Path, log: Log) -> Path:
    """A home folder with this log; one that is there already is kept."""
    if (home / "lake" / "manifest.json").is_file():
        return home
    (home / "calendars").mkdir(parents=True, exist_ok=True)
    (home / "fuxiao.toml").write_text(SETTINGS, encoding="utf-8")
    (home / "calendars" / "office.yaml").write_text(CALENDAR, encoding="utf-8")
    (home / "service_levels.yaml").write_text(LEVELS, encoding="utf-8")
    with Store.open(home) as store, store.change() as change:
        load = change.begin_load(source="bench", source_digest=str(log), mapping_digest="", at=LOADED_AT)
        for name, table in registers(log).items():
            change.add_records(name, table, load)
        for name in BY_CASE:
            change.add_records(name, reader(name, log), load)
    return home
