"""Proposes a mapping for a file by itself: what its rows are, what its columns mean, how its dates are written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.activities import Activities, guess_activities, guess_statuses, known_share
from fuxiao.datasets.importing.endings import by_their_place
from fuxiao.datasets.importing.giving import given_by_others
from fuxiao.datasets.importing.history import History, history_of
from fuxiao.datasets.importing.layout import UNKNOWN, Layout
from fuxiao.datasets.importing.lifecycle import lifecycle_of
from fuxiao.datasets.importing.mapping import MADE_KEYS, Condition, Expression, Mapping, Shape, TableMapping
from fuxiao.datasets.importing.mapping_write import mapping_text
from fuxiao.datasets.importing.match import Matcher, fits_name, means, said_word, synonyms, value_words
from fuxiao.datasets.importing.names import dimension_name, names_taken
from fuxiao.datasets.importing.own_numbers import number_of_lines
from fuxiao.datasets.importing.profile import FileProfile, Profile, profile_file, why_useless
from fuxiao.datasets.importing.progress import QUIET, Watch
from fuxiao.datasets.importing.raw import TABLE, Raw
from fuxiao.datasets.importing.reads import Reads
from fuxiao.datasets.importing.remarks import Remarks
from fuxiao.datasets.importing.renamed import Renamed
from fuxiao.datasets.importing.spans import Spans
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.table_months import TableMonths
from fuxiao.datasets.importing.tables import lacking, read_alike
from fuxiao.datasets.importing.together import NAME
from fuxiao.datasets.importing.workspace import workspace
from fuxiao.engine import schema
from fuxiao.engine.schema import Type

REPEATS = 1.15
"""Rows a case from which on a file is a log of cases and not a list of them."""
MANY_KNOWN = 0.3
"""Share of the cells that must name known activities for a column to be taken for that of the activities."""
NUMBERED = 0.9
"""Share of the rows that a column must number to be taken for the number of a case: others may be sums."""
RARELY = 0.05
"""Share of the cases up to which different openings inside a case are slips."""
RATINGS = ("csat", "nps", "ces")
STAFF = ("people", "memberships", "teams")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed mapping, the same as TOML with comments for the person who corrects it, and what it was made from."""

    mapping: Mapping
    text: str
    raw: Raw
    columns: dict[str, Profile]
    remarks: Remarks


def propose(
    connection: Connection, path: Path, *, layout: Layout = UNKNOWN, watch: Watch = QUIET, mapped: Collection[str] = ()
) -> Proposal:
    """A mapping for this file. ``layout`` may name the sheet or the member of an archive; the tables ``mapped`` have
    a mapping of their own and are none that nobody reads.

    Raises ``InputError`` where the file cannot be read or has no rows.
    """
    with workspace() as folder:
        raw, layout = read_alike(connection, path, folder, layout, watch=watch)
        raw = replace(raw, unread=tuple(each for each in raw.unread if each.name not in mapped))
        if not raw.rows:
            code = "file.all_ragged" if raw.ragged else "file.empty"
            raise InputError(code, path=path.name, rows=len(raw.ragged), columns=len(raw.headers))
        proposer = _Proposer(connection, raw, profile_file(connection, raw), path.stem)
        mapping = proposer.mapping(layout)
        for part in raw.parts:
            if lacks := lacking(mapping, (*part.headers, NAME)):
                proposer.remarks.of_lacking(part.name, lacks)
    columns = {header: proposer.match.of(header) for header in proposer.profile.columns}
    return Proposal(mapping, mapping_text(mapping, proposer.remarks.notes), raw, columns, proposer.remarks)


@dataclass
class _Proposer:
    connection: Connection
    raw: Raw
    profile: FileProfile
    name: str
    remarks: Remarks = field(default_factory=Remarks)

    def __post_init__(self) -> None:
        self.match = Matcher(self.connection, self.profile)
        self.spans = Spans(self.match, self.remarks)
        self.reads = Reads(self.match, self.spans, self.remarks)
        self.spent: set[str] = set()
        """Columns that say nothing beyond what the mapping reads."""

    def mapping(self, layout: Layout) -> Mapping:
        shape, tables = self._tables()
        if self.raw.parts:
            tables = Renamed(self.match, self.raw.parts, self.reads.one).everywhere(tables, shape)
        used = {header for table in tables for header in table.sources()}
        drop, dimensions = self._rest([h for h in self.profile.columns if h not in used])
        decimal = self.profile.reading.mapping.decimal
        if decimal == ",":
            self.remarks.add("decimal", "decimal_comma")
        mapping = Mapping(self.name, shape, tables, file=self._layout(layout), decimal=decimal, drop=tuple(drop))
        main = mapping.main
        self.remarks.of_file(self.raw, self.profile, shape)
        taken = names_taken(main)
        named: dict[str, str] = {}
        rated = {header for table in tables if table.dataset == "surveys" for header in table.sources()}
        for header in dimensions:
            name = dimension_name(header, taken | set(named))
            named[name] = header
            if not rated and any(means(header, synonyms()["columns"]["surveys"][each]) for each in RATINGS):
                self.remarks.add(f"{main}.dimensions.{name}", "unread_rating")
        return replace(mapping, tables=tuple(replace(t, dimensions=named) if t.dataset == main else t for t in tables))

    def _layout(self, layout: Layout) -> Layout:
        encoding = self.raw.encoding if self.raw.encoding not in {"", "utf-8", "utf-8-sig"} else ""
        delimiter = self.raw.delimiter if self.raw.delimiter != "," else ""
        header = self.raw.header_line if self.raw.header_line != 1 and self.raw.delimiter + self.raw.sheet else None
        sheet = layout.sheet or self.raw.sheet
        return replace(layout, encoding=encoding, delimiter=delimiter, quote=self.raw.quote, header=header, sheet=sheet)

    def _tables(self) -> tuple[Shape, tuple[TableMapping, ...]]:
        cases = self.match.headers("cases")
        repeated = self._repeats(cases.get("case_id"))
        if repeated:
            events = self.match.headers("case_events", without=[cases["case_id"]])
            states = self.match.headers("states", without=[cases["case_id"]])
            moment = events.get("at") or self._only_date()
            history = history_of(self.match, self.profile, taken=[cases["case_id"], *filter(None, [moment])])
            if moment and history:
                return Shape.EVENT, self._history_tables(cases["case_id"], {**events, "at": moment}, history)
            if moment and "activity" in events:
                return Shape.EVENT, self._event_tables(cases["case_id"], {**events, "at": moment})
            if moment and "status" in states:
                return Shape.STATE, self._state_tables(cases["case_id"], {**events, "at": moment}, states)
            if moment and (activity := self._activity({cases["case_id"], moment})):
                self.remarks.add("case_events.columns.activity", "guessed_activity")
                return Shape.EVENT, self._event_tables(cases["case_id"], {**events, "at": moment, "activity": activity})
            self.remarks.add("cases.columns.case_id", "repeated")
        other = self._other_dataset(numbered={"case_id", "opened_at"} <= set(cases)) or self._survey_alone(cases)
        return Shape.CASE, other or self._case_tables(cases)

    def _repeats(self, header: str | None) -> bool:
        if header is None:
            return False
        profile = self.profile.columns[header]
        return profile.filled >= REPEATS * max(profile.distinct, 1)

    def _activity(self, taken: set[str]) -> str | None:
        """The column whose cells name what happened to a case, by these names themselves."""
        shares = {h: known_share(p.top, p.filled) for h, p in self.profile.columns.items() if h not in taken}
        best = max(shares, key=lambda header: shares[header], default=None)
        return best if best is not None and shares[best] >= MANY_KNOWN else None

    def _only_date(self) -> str | None:
        dated = [header for header, p in self.profile.columns.items() if p.is_date and not p.constant]
        return dated[0] if len(dated) == 1 else None

    def _event_tables(self, case_id: str, events: dict[str, str]) -> tuple[TableMapping, ...]:
        activity, at = events["activity"], events["at"]
        steps = lifecycle_of(self.match, self.profile, activity=activity, taken=[case_id, *events.values()])
        if steps:
            activities = steps.activities(self.connection, self.profile)
            self.remarks.add("case_events", "lifecycle")
        else:
            guessed = guess_activities(self.profile.columns[activity].top)
            where = {"case_id": case_id, "at": at, "activity": activity}
            activities = by_their_place(self.connection, self.profile, guessed, **where)
        self.remarks.of_activities("case_events", activities)
        names = (
            "at", "recorded_at", "activity", "actor", "to_person", "from_unit", "to_unit", "wrong", "self_picked",
            "template",
        )  # fmt: skip
        columns = self.reads.all("case_events", {"case_id": case_id, **{n: events[n] for n in names if n in events}})
        taken = [events[n] for n in names if n in events]
        if steps:
            columns["activity"] = steps.happened
            taken.append(steps.step)
        else:
            self._without_givers(columns, activities, case_id, events)
        self._missing_in_log(activities, named={"actor", "to_person"} & set(columns))
        log = TableMapping("case_events", columns, types=activities.types, reopen_on=activities.reopen_on)
        return log, self._case_attributes(case_id, taken, {})

    def _history_tables(self, case_id: str, events: dict[str, str], history: History) -> tuple[TableMapping, ...]:
        activities = history.activities(self.connection, self.profile)
        self.remarks.add("case_events", "history")
        self.remarks.of_activities("case_events", activities)
        chosen = {"case_id": case_id, "at": events["at"], **{n: events[n] for n in ("actor",) if n in events}}
        columns = self.reads.all("case_events", chosen)
        columns["activity"] = history.activity
        if to_person := history.to_person:
            columns["to_person"] = to_person
        self._missing_in_log(activities, named={"actor", "to_person"} & set(columns))
        log = TableMapping("case_events", columns, types=activities.types, reopen_on=activities.reopen_on)
        self.spent = {history.old} - {""}
        taken = [*chosen.values(), history.field, history.value, *self.spent]
        cases = self._case_attributes(case_id, taken, {})
        return log, replace(cases, columns={**cases.columns, **({"owner": to_person} if to_person else {})})

    def _without_givers(
        self, columns: dict[str, Expression], activities: Activities, case_id: str, events: dict[str, str]
    ) -> None:
        """The actor of giving a case to somebody is left out where that is a dispatcher and no owner."""
        if "actor" not in columns or "to_person" in columns:
            return
        actor, activity = events["actor"], events["activity"]
        given = given_by_others(
            self.connection, self.profile, activities, case_id=case_id, actor=actor, activity=activity
        )
        if given:
            columns["actor"] = replace(columns["actor"], when=(Condition(activity, tuple(given), negated=True),))
            self.remarks.add("case_events.columns.actor", "giving_out")

    def _missing_in_log(self, activities: Activities, *, named: Collection[str]) -> None:
        """What a log does not tell that nearly every figure needs."""
        types = {each.type for said in activities.types.values() for each in said}
        if "resolved" not in types:
            self.remarks.add("case_events.types", "no_resolve_event")
        if not named:
            self.remarks.add("case_events", "no_owner")

    def _state_tables(self, case_id: str, events: dict[str, str], states: dict[str, str]) -> tuple[TableMapping, ...]:
        statuses: Activities = guess_statuses(self.profile.columns[states["status"]].top)
        self.remarks.of_statuses("case_events", statuses)
        actor = states.get("owner") or events.get("actor")
        chosen = {"case_id": case_id, "at": events["at"], **states, **({"actor": actor} if actor else {})}
        columns = self.reads.all("case_events", chosen)
        self._missing_in_log(statuses, named={"owner"} & set(columns))
        log = TableMapping("case_events", columns, types=statuses.types)
        last = {"owner": states.get("owner"), "unit_id": states.get("unit"), "status": states["status"]}
        own = {name: header for name, header in last.items() if header}
        return log, self._case_attributes(case_id, [events["at"], *states.values()], own)

    def _case_attributes(self, case_id: str, taken: list[str], own: dict[str, str]) -> TableMapping:
        """What the rows of a log say about the case itself; columns with one value for all say nothing."""
        constant = [header for header, p in self.profile.columns.items() if p.constant]
        found = self.match.headers("cases", without=[*taken, *constant, case_id])
        people = {"owner", "first_responder"} if not own else {"first_responder"}
        found = {name: header for name, header in found.items() if name not in people and name != "case_id"}
        if "opened_at" in found and self._varies(found["opened_at"], case_id):
            del found["opened_at"]  # the start of each step: the first event of a case tells when it was opened
        self.remarks.add("cases", "case")
        return TableMapping("cases", self.reads.all("cases", {"case_id": case_id, **found, **own}))

    def _varies(self, header: str, case_id: str) -> bool:
        """Whether the rows of many cases say different things in this column."""
        case, cell = self.profile.cell(case_id), self.profile.cell(header)
        several = f"select 1 from {TABLE} group by {case} having count(distinct {cell}) > 1"
        found = sql.count(self.connection, f"select count(*) from ({several})")
        return found > RARELY * self.profile.columns[case_id].distinct

    def _case_tables(self, cases: dict[str, str]) -> tuple[TableMapping, ...]:
        if "case_id" not in cases and (unique := self._unique()):
            cases = {"case_id": unique, **cases}
            self.remarks.add("cases.columns.case_id", "guessed_case_id")
        columns = self.reads.all("cases", cases)
        opening = self._opening(cases)
        if opening and "opened_at" not in columns:
            columns["opened_at"] = opening
        self._by_table_names(columns)
        self.spans.answers(columns)
        self.spans.solved_after(columns)
        if "closed_at" in columns and "resolved_at" not in columns:
            columns["resolved_at"] = columns["closed_at"]
            self.remarks.add("cases.columns.resolved_at", "closing")
        if "case_id" not in columns:
            self.remarks.add("cases", "no_case_id")
        if "opened_at" not in columns:
            self.remarks.add("cases", "no_opening")
        else:
            for name, code in (("resolved_at", "no_resolution"), ("owner", "no_owner")):
                if name not in columns:
                    self.remarks.add("cases", code)
        ordered = {n: columns[n] for n in schema.CASES.names() if n in columns}
        table = TableMapping("cases", ordered)
        survey = self._survey(cases, columns.get("opened_at"))
        return (table, survey) if survey else (table,)

    def _by_table_names(self, columns: dict[str, Expression]) -> None:
        """Moments of which the rows tell the day and the name of their table the month."""
        months = TableMonths(self.connection, self.match, self.profile, self.raw)
        for name in (c.name for c in schema.CASES.columns if c.type is Type.MOMENT and c.name not in columns):
            names = synonyms()["columns"]["cases"][name] + (synonyms()["date_halves"] if name == "opened_at" else [])
            taken = [header for expression in columns.values() for header in expression.sources()]
            if found := months.moment(names, taken=taken):
                columns[name] = found
                self.remarks.add(f"cases.columns.{name}", "month_of_table")

    def _unique(self) -> str | None:
        """The first column that is different in every row and filled in all of them, or in all but sums between them;
        one that only counts the rows comes last."""
        found = {
            h: p.filled
            for h, p in self.profile.columns.items()
            if not p.is_date and p.filled == p.distinct >= NUMBERED * self.profile.rows > 0
        }
        counting = synonyms()["row_numbers"]
        return min(found, key=lambda header: (fits_name(header, counting), -found[header]), default=None)

    def _opening(self, cases: dict[str, str]) -> Expression | None:
        """Where a case's opening is: its own column, a date and a time side by side, or the only date there is."""
        if "opened_at" in cases:
            return self.reads.one(schema.CASES.column("opened_at"), cases["opened_at"])
        dated = [h for h, p in self.profile.columns.items() if p.is_date]
        day = self.match.find(synonyms()["date_halves"], schema.CASES.column("opened_at"))
        free = [h for h in dated if h not in cases.values() and not fits_name(h, synonyms()["never_openings"])]
        chosen = day or (free[0] if len(free) == 1 else None)
        if chosen and not day:
            self.remarks.add("cases.columns.opened_at", "guessed_opening")
        return self.reads.one(schema.CASES.column("opened_at"), chosen) if chosen else None

    def _survey(self, cases: dict[str, str], opening: Expression | None) -> TableMapping | None:
        """A row of satisfaction beside the case, where a rating is."""
        taken = [h for n, h in cases.items() if n != "owner"]
        found = self.match.headers("surveys", without=taken)
        ratings = [found[name] for name in RATINGS if name in found]
        if not ratings or "case_id" not in cases:
            return None
        person = found.get("about_person") or cases.get("first_responder") or cases.get("owner")
        chosen = {"case_id": cases["case_id"], **found, **({"about_person": person} if person else {})}
        self.remarks.add("surveys", "survey")
        columns = self.reads.all("surveys", chosen)
        rated = next(name for name in RATINGS if name in columns)
        when = (Condition(ratings[0], self._rated(rated, ratings[0], columns[rated])),) if len(ratings) == 1 else ()
        if opening and not {"answered_at", "invited_at"} & set(columns):
            # A rating without any date belongs to no period and would never count.
            columns["answered_at"] = opening
            self.remarks.add("surveys.columns.answered_at", "survey_date")
        return TableMapping("surveys", columns, when=when)

    def _survey_alone(self, cases: dict[str, str]) -> tuple[TableMapping, ...] | None:
        """Ratings with their own date beside nothing of the case but its number: no list of cases."""
        if {"opened_at", "resolved_at", "closed_at"} & set(cases):
            return None
        answered = self.match.headers("surveys").get("answered_at")
        survey = self._survey(cases, None) if answered else None
        return (survey,) if survey else None

    def _rated(self, name: str, header: str, rating: Expression) -> tuple[str, ...]:
        """The cells that rate, where others say in words that nobody did; none where every filled one rates."""
        words = value_words(schema.dataset("surveys").column(name))
        values = self.profile.columns[header].values
        silent = [value for value in values if words.get(said_word(value)) == ""]
        return tuple(value for value in values if value not in silent) if silent else tuple(rating.values)

    def _other_dataset(self, *, numbered: bool) -> tuple[TableMapping, ...] | None:
        """Records that are no cases; ``numbered`` ones with a number of their own in each row, beside the case."""
        for dataset, needed in synonyms()["signatures"].items():
            found = self.match.headers(dataset)
            if all(name in found for name in needed) and (not numbered or self._numbered(dataset, found)):
                if dataset in STAFF:
                    return self._staff()
                columns = self.reads.all(dataset, found)
                if several := number_of_lines(self.connection, self.profile, dataset, found):
                    columns[MADE_KEYS[dataset]] = Expression(columns=several, join="-")
                    self.remarks.add(f"{dataset}.columns.{MADE_KEYS[dataset]}", "several_lines")
                return (TableMapping(dataset, columns),)
        return None

    def _numbered(self, dataset: str, found: dict[str, str]) -> bool:
        header = found.get(MADE_KEYS.get(dataset, ""))
        if header is None or "case_id" not in found:
            return False
        profile = self.profile.columns[header]
        return profile.filled == profile.distinct == self.profile.rows

    def _staff(self) -> tuple[TableMapping, ...]:
        """People, where they belong and how their teams hang together: often one sheet tells two of these, or all."""
        people, members, teams = (self.match.headers(name) for name in STAFF)
        found = {"people": people} if {"person", "name"} <= set(people) else {}
        if found and "valid_from" not in members and "hired_on" in people:
            members["valid_from"] = people["hired_on"]
            self.remarks.add("memberships.columns.valid_from", "hired")
        if {"person", "team", "valid_from", *(["role"] if found else [])} <= set(members):
            found["memberships"] = members
        if {"team", "parent"} <= set(teams):
            of_person = set(people.values()) if "people" in found else set()
            found["teams"] = {n: h for n, h in teams.items() if n in {"team", "parent"} or h not in of_person}
        return tuple(TableMapping(name, self.reads.all(name, headers)) for name, headers in found.items())

    def _rest(self, headers: list[str]) -> tuple[list[str], list[str]]:
        """Columns nobody mapped: those that can group cases stay, the others are proposed to be left out."""
        drop: list[str] = []
        keep: list[str] = []
        for header in headers:
            reason = "date" if self.match.counts_days(header) else why_useless(self.profile.columns[header])
            (drop if reason or header in self.spent else keep).append(header)
            if reason:
                self.remarks.drop(header, reason)
        return drop, keep
