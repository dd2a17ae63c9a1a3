"""The page where a person says what each column of a file becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fuxiao.base.wording import say_issue
from fuxiao.datasets.importing import edit
from fuxiao.datasets.importing.look import ColumnLook, Look
from fuxiao.datasets.importing.mapping import Mapping as FileMapping
from fuxiao.datasets.importing.mapping import required_columns, target_columns
from fuxiao.datasets.importing.mapping_read import parse_draft
from fuxiao.datasets.importing.mapping_write import mapping_text
from fuxiao.datasets.importing.remarks import worded
from fuxiao.datasets.models import ImportJob
from fuxiao.engine import schema
from fuxiao.web import words
from fuxiao.web.words import t

Options = list[tuple[str, list[tuple[str, str]]]]


def dataset_name(name: str) -> str:
    found = schema.DATASETS.get(name)
    return getattr(found, words.language()) if found else name


def column_name(dataset: str, name: str) -> str:
    """The label of a column of a dataset; dimensions go by their own name."""
    known = schema.DATASETS.get(dataset)
    columns = {column.name: column for column in known.columns} if known else {}
    return getattr(columns[name], words.language()) if name in columns else name


@dataclass(frozen=True, slots=True)
class Row:
    """One column of the file on the page; ``others`` are the further columns it goes into, ``doubt`` asks to look."""

    field: str
    look: ColumnLook
    target: str
    filled: int
    note: str
    doubt: bool
    others: tuple[str, ...] = ()
    error: str = ""
    orders: tuple[tuple[str, str, bool], ...] = ()


@dataclass
class ColumnsForm:
    """The columns with what they become; with ``data`` what a person chose, checked as a whole mapping."""

    job: ImportJob
    data: Mapping[str, str] | None
    errors: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look = Look.of(self.job.look)
        self.original, _ = parse_draft(self.job.mapping, name=self.job.upload.file.stem)
        self.mapping = self.original

    @property
    def changed(self) -> bool:
        return self.mapping != self.original

    def is_valid(self) -> bool:
        """Read what was chosen; whether it makes a mapping that can be tried."""
        data = self.data or {}
        chosen = {f"c{n}": data.get(f"c{n}", "") for n, _ in enumerate(self.look.columns)}
        self._refuse_wrong(chosen)
        if self.wrong:
            return False
        for name, look in self._fields():
            self.mapping = edit.assign(self.mapping, look, chosen[name] or edit.OTHERWISE)
            if look.turned and (order := data.get(f"{name}-order")) in {"found", "turned"}:
                formats = look.turned if order == "turned" else look.formats
                self.mapping = edit.read_as(self.mapping, look.header, tuple(formats))
        if "add" in data:
            if data.get("dataset") in schema.DATASETS:
                self.mapping = edit.with_dataset(self.mapping, data["dataset"])
            return True
        self.mapping = edit.completed(edit.pruned(self.mapping))
        _, issues = parse_draft(mapping_text(self.mapping))
        self.errors = [_say(issue.where, issue.code) or say_issue(issue, words.language()) for issue in issues]
        return not issues

    def _refuse_wrong(self, chosen: Mapping[str, str]) -> None:
        known = {value for _, group in self.options for value, _ in group} | {"", edit.OTHERWISE}
        times = Counter(value for value in chosen.values() if "." in value)
        for name, value in chosen.items():
            if value not in known:
                self.wrong[name] = t("没有这个选项。", "There is no such choice.")
            elif times[value] > 1:
                self.wrong[name] = t(
                    "有两列选了同一个去处，请改一列。", "Two columns go to the same place; change one."
                )
        if self.wrong:
            self.errors = [t("有 {n} 列需要改。", "{n:column needs/columns need} a change.", n=len(self.wrong))]

    def _fields(self) -> Iterator[tuple[str, ColumnLook]]:
        return ((f"c{n}", look) for n, look in enumerate(self.look.columns))

    @cached_property
    def options(self) -> Options:
        """What a column can become, by dataset."""
        general = [
            (edit.DIMENSION, t("保留为维度（可用来分组）", "keep as a dimension, to group by")),
            (edit.DROP, t("不导入", "leave out")),
        ]
        groups = [
            (dataset_name(table.dataset), _targets(self.original, table.dataset)) for table in self.original.tables
        ]
        return [(t("其他", "other"), general), *groups]

    def rows(self) -> Iterator[Row]:
        for name, look in self._fields():
            given = "" if name in self.wrong else (self.data or {}).get(name, "")
            target = given or edit.target_of(self.original, look.header)
            uses = edit.uses_of(self.original, look.header)
            others = tuple(_label(use) for use in uses if use.target != target)
            note, doubt = note_of(look, target, self.look.codes)
            filled = round(100 * look.filled / self.look.rows) if self.look.rows else 0
            yield Row(name, look, target, filled, note, doubt, others, self.wrong.get(name, ""), self._orders(look))

    def _orders(self, look: ColumnLook) -> tuple[tuple[str, str, bool], ...]:
        """For dates that can be read both ways: value, word, whether it is the one in use."""
        if not look.turned:
            return ()
        used = {
            each.formats
            for table in self.original.tables
            for each in table.columns.values()
            if look.header in each.columns
        }
        turned, day = tuple(look.turned) in used, (look.evidence or {})["order"] == "day"
        words_of = [t(*ORDERS["day"]), t(*ORDERS["month"])]
        return tuple(zip(("found", "turned"), words_of if day else words_of[::-1], (not turned, turned), strict=True))

    def missing_datasets(self) -> list[tuple[str, str]]:
        """Datasets that the file does not feed yet."""
        there = {table.dataset for table in self.original.tables}
        return [(name, dataset_name(name)) for name in schema.DATASETS if name not in there]


def _targets(mapping: FileMapping, dataset: str) -> list[tuple[str, str]]:
    star = t("（必填）", " (required)")
    main = mapping.table(mapping.main)
    there = set(main.columns) if main and main.dataset != dataset else set()
    needed = set(required_columns(dataset, mapping.shape)) - there
    return [
        (f"{dataset}.{column.name}", getattr(column, words.language()) + (star if column.name in needed else ""))
        for column in target_columns(dataset, mapping.shape)
    ]


def _label(use: edit.Use) -> str:
    return f"{dataset_name(use.dataset)} · {column_name(use.dataset, use.column)}"


def _say(where: str, code: str) -> str:
    """The two faults that a person can mend on this page, in the words of this page."""
    dataset, _, column = where.partition(".columns.")
    if code == "mapping.required_missing":
        return t("还没有哪一列是“{column}”（{dataset}）。", "No column is the {column} yet ({dataset}).",
                 column=column_name(dataset, column), dataset=dataset_name(dataset))  # fmt: skip
    if code == "mapping.no_dataset":
        return t("没有一列有去处，什么都不会导入。", "No column goes anywhere; nothing would be imported.")
    return ""


USELESS = {
    "empty": ("全空", "empty"), "constant": ("只有一个值", "one value only"), "date": ("是日期，但名称认不出：是哪个时间？", "a date, but its name tells nothing: which moment is it?"),
    "unique": ("自由文本或几乎不重复", "free text or nearly unique"),
}  # fmt: skip
ORDERS = {"day": ("日在前", "day first"), "month": ("月在前", "month first"), "year": ("年在前", "year first")}


def note_of(look: ColumnLook, target: str, codes: Mapping[str, list[str]]) -> tuple[str, bool]:
    """What is to be said about a column, and whether a person should look at it."""
    place = target.replace(".", ".columns.")
    parts = [worded(code, words.language()) for code in codes.get(place, ())]
    doubt = any(code.startswith(("guessed", "no_")) for code in codes.get(place, ()))
    if look.evidence and "." in target and _is_moment(target):
        parts.append(_date_note(look))
        doubt = doubt or bool(look.evidence["ambiguous"])
    if target == edit.DROP and look.useless:
        parts.append(t(*USELESS[look.useless]))
        doubt = doubt or look.useless == "date"
    return t("；", "; ").join(parts), doubt


def _is_moment(target: str) -> bool:
    dataset, _, name = target.partition(".")
    return any(c.name == name and c.type in {"moment", "day"} for c in schema.DATASETS[dataset].columns)


def _date_note(look: ColumnLook) -> str:
    evidence = look.evidence or {}
    facts = {**evidence, "order": t(*ORDERS[str(evidence["order"])]), "form": ", ".join(look.formats)}
    if evidence["ambiguous"]:
        return t("{read} / {filled} 格读作日期；没有一格能证明日和月谁在前，按{order}读，请核对",
                 "{read} of {filled:cell/cells} read as dates; no cell proves which comes first: {order} was guessed, please check", **facts)  # fmt: skip
    if evidence["order"] == "year":
        return t("{read} / {filled} 格读作日期", "{read} of {filled:cell/cells} read as dates", **facts)
    return t("{read} / {filled} 格读作日期；{order}，{against} 格只能这样读",
             "{read} of {filled:cell/cells} read as dates; {order}: {against} fit no other order", **facts)  # fmt: skip
