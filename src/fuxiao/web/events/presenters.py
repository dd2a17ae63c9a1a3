"""Events as pages show them: kinds and states in words, those of the register and those written by hand in one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.org.queries import directory
from fuxiao.performance.events.file import hand_rows
from fuxiao.performance.events.kinds import Effect, Kind
from fuxiao.performance.events.models import ReportedEvent, State
from fuxiao.performance.events.queries import events, reachable
from fuxiao.web.metrics.exports import Download
from fuxiao.web.schemes.wording import event_name
from fuxiao.web.words import language, t

STATES: Mapping[str, tuple[str, str, str]] = {
    State.WAITING: ("待第二人批准", "Waits for approval", "near"),
    State.COUNTS: ("已计入", "Counts", "good"),
    State.REFUSED: ("未批准", "Refused", ""),
    State.WITHDRAWN: ("已撤回", "Withdrawn", ""),
    State.REVOKED: ("已撤销", "Revoked", "bad"),
    "lacking": ("未生效", "Without effect", "near"),
}
EFFECTS: Mapping[str, tuple[str, str, str]] = {
    Effect.VETO: ("一票否决", "Veto", "bad"), Effect.BONUS: ("加分", "Bonus points", "good"),
    Effect.DEDUCTION: ("减分", "Deduction", "near"),
}  # fmt: skip
TABS = (
    ("", "全部", "All"),
    ("waiting", "待批准", "Waiting"),
    ("counts", "已计入", "Counts"),
    ("not", "未计入", "Not counted"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An event in the list; ``number`` is empty for one that was written into the file by hand."""

    number: int | None
    person: str
    name: str
    kind: str
    effect: tuple[str, str]
    on: date | None
    count: str
    evidence: str
    case: str
    reporter: str
    approver: str
    state: str
    word: str
    tone: str

    def in_tab(self, tab: str) -> bool:
        held = self.state if self.state in (State.WAITING, State.COUNTS) else "not"
        return not tab or held == tab


def kind_word(code: str, kinds: Mapping[str, Kind]) -> str:
    """What a scheme calls it, else what the product does."""
    names = kinds[code].names if code in kinds else {}
    word = str(names.get(language()) or event_name(code))
    return word[:1].upper() + word[1:]


def effect_word(code: str, kinds: Mapping[str, Kind]) -> tuple[str, str]:
    """What it does in words, and its colour; nothing where no scheme knows it any more."""
    zh, en, tone = EFFECTS.get(kinds[code].effect if code in kinds else "", ("", "", ""))
    return t(zh, en), tone


def state_word(state: str) -> tuple[str, str]:
    zh, en, tone = STATES[state]
    return t(zh, en), tone


def lines(viewer: Viewer, home: Path, kinds: Mapping[str, Kind], *, on: date) -> list[Line]:
    """All that the viewer may see, newest first; those without a day count in every period and come first."""
    reach = reachable(viewer, Permission.EVENTS_READ, on=on)
    names = {number: name for number, name, _ in directory()}
    hand = [
        row for row in hand_rows(home)
        if str(row["person"]) != viewer.own_number and (reach is None or str(row["person"]) in reach)
    ]  # fmt: skip
    made = [*_of_register(events(viewer, on=on), kinds), *_by_hand(hand, names, kinds)]
    return sorted(made, key=lambda line: (line.on or date.max, line.number or 0), reverse=True)


def _of_register(found: Iterable[ReportedEvent], kinds: Mapping[str, Kind]) -> Iterator[Line]:
    for each in found:
        yield Line(
            each.pk, each.person, each.name, kind_word(each.kind, kinds), effect_word(each.kind, kinds), each.on,
            f"{each.count.normalize():f}", each.evidence, each.case, each.reporter_name, each.approver_name, each.state,
            *state_word(each.state),
        )  # fmt: skip


def _by_hand(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[Line]:
    for row in rows:
        person, code = str(row["person"]), str(row["kind"])
        by, second = str(row.get("decided_by") or ""), str(row.get("approved_by") or "")
        veto = code in kinds and kinds[code].effect is Effect.VETO
        counts = row.get("confirmed") is True and (not veto or bool(row.get("evidence") and second and second != by))
        state, day = State.COUNTS if counts else "lacking", row.get("on")
        yield Line(
            None, person, names.get(person, person), kind_word(code, kinds), effect_word(code, kinds),
            day if isinstance(day, date) else None, str(row.get("count") or 1), str(row.get("evidence") or ""), "",
            names.get(by, by), names.get(second, second), state, *state_word(state),
        )  # fmt: skip


def download(found: Iterable[Line]) -> Download:
    headings = [
        t("发生日", "Day"), t("人员", "Person"), t("工号", "Number"), t("事件", "Event"), t("作用", "Effect"), t("次数", "Count"),
        t("证据", "Evidence"), t("工单", "Case"), t("登记人", "Reported by"), t("批准人", "Approved by"), t("状态", "State"),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [each.on.isoformat() if each.on else None, each.name, each.person, each.kind, each.effect[0] or None, each.count,
         each.evidence, each.case or None, each.reporter, each.approver or None, each.word]
        for each in found
    ]  # fmt: skip
    return Download(t("加减分与否决", "Score events"), headings, rows, [])
