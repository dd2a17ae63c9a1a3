"""A case in words: particulars, timeline, ledgers, credit, earlier versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from fuxiao.base.wording import say
from fuxiao.core.clock import Entry, Ledger, Reason
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.engine.schema import DATASETS
from fuxiao.metrics.cases import CaseView, Credited, Row
from fuxiao.metrics.ledgers import abridged
from fuxiao.web.cases.versions import VersionsShown, versions_shown
from fuxiao.web.cases.wording import event_word, named, plain
from fuxiao.web.metrics.definition import CREDITS
from fuxiao.web.metrics.wording import exactly, formats
from fuxiao.web.words import language, t

PARTICULARS = (
    "case_type", "category", "product", "priority", "channel", "region", "in_warranty", "device_id", "fault_code",
    "fault_group", "root_cause", "resolution_code", "difficulty", "standard_minutes", "customer_id",
)  # fmt: skip
CLOCKS = ("first_response", "dispatch", "resolution", "resolution_owner", "acknowledgement")
MOST_ENTRIES = 40


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    at: str
    what: str
    source: str
    who: str
    details: Sequence[str]


@dataclass(frozen=True, slots=True)
class Interval:
    """One line of a ledger; ``tone`` is ``counted``, ``paused`` or ``closed``."""

    start: str
    end: str
    reason: str
    counted: str
    passed: str
    tone: str


@dataclass(frozen=True, slots=True)
class ClockShown:
    """One clock: its sum, its intervals, the limit and whether it was kept, and what is to be said of its end."""

    name: str
    total: str
    intervals: Sequence[Interval]
    limit: str
    met: bool | None
    remark: str


@dataclass(frozen=True, slots=True)
class CreditShown:
    """Who is credited with what, in the team of the record's day."""

    person: str
    team: str
    what: Sequence[str]
    share: str = ""


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case ready to be shown."""

    title: str
    status: str
    particulars: Sequence[tuple[str, str]]
    own: Sequence[tuple[str, str]]
    customer: Sequence[tuple[str, str]]
    timeline: Sequence[Moment]
    clocks: Sequence[ClockShown]
    credits: Sequence[CreditShown]
    shares: Sequence[CreditShown]
    left_out: Sequence[str]
    versions: VersionsShown


def presented(case: CaseView, names: Mapping[str, str], jobs: Mapping[int, int]) -> CaseShown:
    """``jobs`` are the imports by their load, as far as the reader may see them."""
    facts, record = case.facts, case.record
    return CaseShown(
        title=str(record.get("title") or case.case_id),
        status=str(facts.get("status") or ""),
        particulars=[(words, text) for name in PARTICULARS if (text := plain(facts.get(name)))
                     for words in [_words("cases", name)]],
        own=[(name, str(value)) for name, value in record.items() if name not in _DECLARED and value is not None],
        customer=[(_words("customers", name), str(value)) for name, value in case.customer.items() if value is not None],
        timeline=[_moment(event, names) for event in case.events] or list(_milestones(facts)),
        clocks=[_clock(case, key, ledger) for key in CLOCKS
                if (ledger := case.clocks.ledgers.get(key)) and ledger.entries],
        credits=_credits(case.credits, names),
        shares=[_share(row, names) for row in case.shares],
        left_out=[say(f"exclusion.{code}", language()) for code, flag in FACT_TABLES["cases"].exclusions.items()
                  if facts.get(flag)],
        versions=versions_shown(case.versions, names, jobs),
    )  # fmt: skip


_DECLARED = {column.name for column in DATASETS["cases"].columns}


def _words(dataset: str, name: str) -> str:
    column = next(column for column in DATASETS[dataset].columns if column.name == name)
    return column.zh if language() == "zh" else column.en[:1].upper() + column.en[1:]


def _moment(event: Row, names: Mapping[str, str]) -> Moment:
    kind = str(event["type"])
    return Moment(
        at=formats().moment(int(str(event["at"]))), what=event_word(kind),
        source=str(event.get("activity") or ""), who=named(event.get("actor"), names), details=list(_details(event, names)),
    )  # fmt: skip


def _details(event: Row, names: Mapping[str, str]) -> Iterator[str]:
    if event.get("kind") and event["type"] in ("pend_start", "pend_end"):
        yield say(f"reason.paused:{event['kind']}", language())
    if event.get("to_person"):
        yield t("转给 {who}", "to {who}", who=named(event["to_person"], names))
    if event.get("from_unit") and event.get("to_unit") and event["from_unit"] != event["to_unit"]:
        yield f"{named(event['from_unit'], names)} → {named(event['to_unit'], names)}"
    flags = {"template": ("模板回复，不算人工响应", "template text, no human answer"), "wrong": ("错误转派", "wrong transfer"),
             "self_picked": ("自取单", "picked by the handler")}  # fmt: skip
    yield from (t(*words) for name, words in flags.items() if event.get(name))


def _milestones(facts: Row) -> Iterator[Moment]:
    """The moments on the case itself, where no event log was loaded."""
    columns = [c for c in FACT_TABLES["cases"].columns.values() if c.name.endswith("_at") and c.name != "due_at"]
    known = [(int(str(facts[c.name])), c) for c in columns if facts.get(c.name) is not None]
    for at, column in sorted(known, key=itemgetter(0)):
        yield Moment(formats().moment(at), column.zh if language() == "zh" else column.en, "", "", ())


def _clock(case: CaseView, key: str, ledger: Ledger) -> ClockShown:
    intervals = intervals_of(ledger.entries)
    limit = case.facts.get(f"{key}_limit")
    met = case.facts.get(f"{key}_met")
    return ClockShown(
        say(f"clock.{ledger.clock}", language()), exactly(ledger.seconds), intervals,
        formats().duration(limit) if isinstance(limit, int) else "", met if isinstance(met, bool) else None,
        _remark(case, ledger),
    )  # fmt: skip


def intervals_of(entries: Sequence[Entry]) -> list[Interval]:
    """The entries of a ledger as lines; of a very long one the middle in one line."""
    first, between, last = abridged(entries, most=MOST_ENTRIES)
    intervals = [_interval(entry) for entry in first]
    if between:
        counted = sum(entry.seconds for entry in between if entry.reason is Reason.COUNTED)
        words = say("explain.more", language(), {"count": len(between)})
        intervals.append(_line(between[0].start, between[-1].end, words, counted, "closed"))
    intervals += [_interval(entry) for entry in last]
    return intervals


def _remark(case: CaseView, ledger: Ledger) -> str:
    """Of a clock that nothing stopped: it runs on, or it ended with its case."""
    if not ledger.running:
        return ""
    if case.clocks.history.is_open:
        return t("仍在计时", "still running")
    return t("没有停表事件，计到工单结束", "nothing stopped it, counted to the end of the case")


def _interval(entry: Entry) -> Interval:
    """What stands still or is closed counts nothing: the counted column adds up to the clock."""
    reason, counted = str(entry.reason), entry.seconds if entry.reason is Reason.COUNTED else 0
    tone = "counted" if entry.reason is Reason.COUNTED else "paused" if reason.startswith("paused") else "closed"
    return _line(entry.start, entry.end, say(f"reason.{reason}", language()), counted, tone)


def _line(start: int, end: int, reason: str, counted: int, tone: str) -> Interval:
    """To the second, so that the lines can be added up."""
    return Interval(
        formats().instant(start), formats().instant(end), reason, exactly(counted) if counted else "—",
        exactly(end - start), tone,
    )  # fmt: skip


def _credits(found: Sequence[Credited], names: Mapping[str, str]) -> list[CreditShown]:
    """Persons, each with what they are credited with and in which team; teams that stand alone come after."""
    what: dict[tuple[str, str], dict[str, None]] = {}
    for each in sorted(found, key=lambda each: each.person is None):
        table = FACT_TABLES[each.dataset]
        words = f"{table.zh if language() == 'zh' else table.en}: {t(*CREDITS[each.credit])}"
        what.setdefault((named(each.person, names), named(each.team, names)), {})[words] = None
    return [CreditShown(person, team, tuple(words)) for (person, team), words in what.items()]


def _share(row: Row, names: Mapping[str, str]) -> CreditShown:
    share = Decimal(str(row["share"])) * 100
    return CreditShown(
        named(row["person"], names), named(row["person_team"], names),
        (formats().duration(int(str(row["held"] or 0))),), f"{share:.1f}%",
    )  # fmt: skip
