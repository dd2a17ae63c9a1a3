"""The comments of a proposed mapping: the evidence for each guess, and what to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fuxiao.datasets.importing.activities import Activities
from fuxiao.datasets.importing.dates import DAY_FIRST, YEAR_FIRST, DateEvidence
from fuxiao.datasets.importing.mapping import Shape
from fuxiao.datasets.importing.moments import zone_name
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import Part, Raw, Unread

TEXTS = {
    "case": "attributes of the case: the last value in the case that is not empty / 工单属性：取工单内最后的非空值",
    "guessed_case_id": "CHECK: no column is named so; this one differs in every row / 请核对：按每行都不同猜测",
    "guessed_opening": "CHECK: no column is named so; this is the only date left / 请核对：只剩这一列日期，按此猜测",
    "unread_rating": "CHECK: named like a rating, but its cells do not keep to the scale; no rating is read / "
    "请核对：列名像评分，但取值不在量表内，未作为评分读取",
    "guessed_activity": "CHECK: no column is named so; its cells name what happened / 请核对：按取值像活动名猜测",
    "repeated": "CHECK: the same number stands in several rows and only the last counts; if a row is an event or "
    "a state of a case, say shape / 请核对：同一编号有多行，只有最后一行有效；若一行是一个事件或状态，请改 shape",
    "no_case_id": "NOT FOUND: which column is the case number? / 未找到工单号列，请补 case_id",
    "no_opening": "NOT FOUND: when was the case opened? / 未找到受理时间列，请补 opened_at",
    "no_resolution": "NOT FOUND: when was a case resolved? without resolved_at none counts as resolved / "
    "未找到解决时间列；没有 resolved_at，工单都不算已解决",
    "no_resolve_event": "CHECK: none of these is taken for the solution; without one no case counts as resolved / "
    "请核对：没有一项被视为解决；缺少它，工单都不算已解决",
    "no_owner": "NOT FOUND: whose case is it? without owner no figure is about a person / "
    "未找到责任人列；没有 owner，就没有个人指标",
    "answer_span": "opening + the wait until the answer / 受理时间加等待时长",
    "no_unit": "CHECK: no unit is named; seconds are taken / 请核对：未写单位，按秒读取",
    "resolve_span": "opening + time until the solution / 受理时间加解决用时",
    "short_clock": "CHECK: clocks of two parts are read as minutes and seconds; hours and minutes: unit hours / "
    "请核对：两段的钟点按“分:秒”读；若为“时:分”，单位写 hours",
    "responder": "the owner is taken for the one who answered first / 以责任人作为首次响应人",
    "solved_call": "solved calls: the end of the talk / 已解决的来电：通话结束时刻",
    "survey": "a survey exists only where a rating is / 只有有评分的行才产生满意度记录",
    "closing": "CHECK: no column tells when it was resolved; its closing is taken / 请核对：没有解决时间，取结案时间",
    "survey_date": "no date of the rating: that of the opening / 没有评分时间，取受理时间",
    "zone_named": "CHECK: the zone is the one that the cells name / 请核对：时区按单元格里写的缩写",
    "zone_unclear": "CHECK: the zone that the cells name has several meanings (CST: China, Chicago); the company's own "
    'is taken, else say zone = "America/Chicago" / 请核对：单元格里的时区缩写有多种含义（CST：中国、北美中部），'
    '按公司时区读取；不是的写 zone = "America/Chicago"',
    "decimal_comma": "numbers as 1.234,5: the comma is the decimal mark / 数字以逗号为小数点",
    "several_lines": "this number stands in several rows: a row is told by these columns together / "
    "同一编号有多行：合用这几列区分各行",
    "hired": "no day from which the person is in the team: the hire date / 没有任职开始日，取入职日期",
    "reopen": "work after a resolve adds a reopening / 解决之后出现这些活动时补记一次重开",
    "types": "activity = event type, or several; a pause is pend_start:customer|parts|third_party / 活动对应的事件类型",
    "statuses": "status = the event of entering it; leaving a pause ends it / 进入该状态即产生的事件",
    "waiting": "CHECK: for whom it waits is not said, a third party is taken; for the customer: pend_start:customer / "
    "请核对：未写明在等谁，按第三方计；等客户的写 pend_start:customer",
    "rare": "rare beside the usual one: not taken for it / 罕见，未视为同类",
    "endless": "a pause that no activity ends: cannot be measured / 没有结束活动的挂起，无法计时",
    "taking": 'no case is ever given to anybody: who resolves it owns it; ["accepted", "responded"]: who took it / '
    "没有派单记录，责任人取解决者；改为 accepted+responded 则取受理者",
    "giving_out": "CHECK: whoever gives cases out here does no work in them: not taken for their owner / "
    "请核对：这里的派单人不参与处理，不视为责任人",
    "history": "a row tells which field changed: the new status is what happened / "
    "一行是一个字段的变更：新状态即所发生的事",
    "month_of_table": "the month stands in the name of the sheet or file / 月份取自工作表名或文件名",
    "lifecycle": "a row tells a step of an activity: it happened when it was complete / "
    "一行是活动的一个步骤：完成时才算发生",
    "goes_on": "most of these cases were solved afterwards: no end of the case / 其后多数工单仍被解决，不视为终止",
}
DROPS = {
    "empty": "empty / 全空",
    "constant": "one value / 只有一个值",
    "date": "a date nobody asked for / 未用到的日期",
    "unique": "free text or nearly unique / 自由文本或几乎不重复",
}


def worded(code: str, language: str) -> str:
    """A remark in one language."""
    en, _, zh = TEXTS[code].partition(" / ")
    return zh if language == "zh" else en


SHAPES = {
    Shape.CASE: "one row is one record / 一行一条记录",
    Shape.EVENT: "one row is one event of a case; all rows of a case must be in the same file / 一行一个事件",
    Shape.STATE: "one row is the state of a case when it was touched; events come from comparing rows / 一行一个状态",
}


def _listed(tables: Sequence[Part] | Sequence[Unread]) -> str:
    return ", ".join(f"{each.name} ({each.rows:,})" for each in tables)


@dataclass
class Remarks:
    """Collects comments by the place they stand at, and the codes of those that have one."""

    notes: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, place: str, code: str) -> None:
        self._say(place, TEXTS[code])
        self.codes.setdefault(place, []).append(code)

    def drop(self, header: str, reason: str) -> None:
        self._say("drop", f"{header}: {DROPS[reason]}")

    def of_date(self, place: str, evidence: DateEvidence, zone: str = "") -> None:
        """The evidence for a date format, in one line; what a name means that the cells give a zone."""
        if any(map(zone_name, evidence.formats)):
            self.add(place, "zone_named" if zone else "zone_unclear")
        read = f"{evidence.read:,} of {evidence.filled:,} cells"
        if evidence.order == YEAR_FIRST:
            self._say(place, f"{read} read as dates / 已识别")
            return
        order = "day first / 日在前" if evidence.order == DAY_FIRST else "month first / 月在前"
        if evidence.ambiguous:
            self._say(place, f"CHECK: {read}; no cell proves which comes first, guessed: {order} / 请核对")
        else:
            self._say(place, f"{read}; {order}: {evidence.against:,} cells fit no other order")

    def of_activities(self, dataset: str, activities: Activities) -> None:
        self.add(f"{dataset}.types", "types")
        for activity, code in (activities.remarks or {}).items():
            self.add(f"{dataset}.types.{activity}", code)
        if activities.reopen_on:
            self.add(f"{dataset}.reopen_on", "reopen")

    def of_statuses(self, dataset: str, statuses: Activities) -> None:
        self.add(f"{dataset}.types", "statuses")
        for status, code in (statuses.remarks or {}).items():
            self.add(f"{dataset}.types.{status}", code)

    def of_file(self, raw: Raw, profile: FileProfile, shape: Shape) -> None:
        """What the file is, at the head of the mapping."""
        self._say("", "")
        self._say("", f"{profile.rows:,} rows, {len(profile.columns)} columns; {SHAPES[shape]}")
        if raw.duplicates or raw.empty or raw.ragged:
            self._say(
                "",
                f"{raw.duplicates:,} repeated, {raw.empty:,} empty, {len(raw.ragged):,} ragged rows / 重复、空、错列",
            )

        self._of_tables(raw)

    def _of_tables(self, raw: Raw) -> None:
        """Which tables of the file are read, and which are not."""
        if raw.parts:
            self._say(
                "",
                f"CHECK: {len(raw.parts)} tables of one header are read as one: {_listed(raw.parts)} / "
                f"请核对：以下 {len(raw.parts)} 个表头相同的表合并读取",
            )
        if raw.unread:
            others = (
                f"not read: {_listed(raw.unread)}; a table of another header has a mapping of its own: "
                "fuxiao map FILE --table NAME / 未读取；表头不同的表各用 --table 表名 另行映射"
            )
            self._say("", others if raw.parts else f"CHECK: only the sheet {raw.sheet} is read; {others}")

    def of_lacking(self, name: str, lacks: Sequence[str]) -> None:
        """A table that the mapping could not read."""
        self._say(
            "",
            f"CHECK: {name} will not be read, it has no {', '.join(lacks)}; name the column so in the file, or say "
            'here {first_of = ["A", "B"]} / 请核对：缺少必需的列，不会读取；请在文件里改列名，或用 first_of 写明',
        )

    def _say(self, place: str, line: str) -> None:
        lines = self.notes.setdefault(place, [])
        if line not in lines:
            lines.append(line)
