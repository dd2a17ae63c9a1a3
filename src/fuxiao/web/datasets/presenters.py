"""Imports as pages show them: how far, what came out, how good the data was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fuxiao.datasets.folding import is_stream
from fuxiao.datasets.importing.words import advice, problem, treatment
from fuxiao.datasets.manifest import Load
from fuxiao.datasets.models import ImportJob, State, Work
from fuxiao.datasets.queries import Source
from fuxiao.datasets.references import CODES
from fuxiao.web import words
from fuxiao.web.datasets.columns import dataset_name
from fuxiao.web.words import t

STAGES = {
    "": ("准备中", "getting ready"), "scan": ("读取文件", "reading the file"), "read": ("读取行", "reading rows"),
    "pull": ("读取数据库", "reading the database"), "check": ("检查数据", "checking the data"), "write": ("写入", "storing"), "facts": ("更新指标", "bringing the figures up to date"),
}  # fmt: skip
WORKS = {
    Work.LOOK: ("正在识别文件", "Looking at the file"), Work.CHECK: ("正在试导入", "Trying the import"),
    Work.IMPORT: ("正在导入", "Importing"), Work.SAMPLE: ("正在读取样本", "Reading a sample"),
    Work.PULL: ("正在同步", "Reading what is new"),
}  # fmt: skip
STREAMS = {"service desk": ("服务台", "Service desk"), "organisation": ("组织架构", "Organisation")}
"""Loads that come from the product's own pages and have no file."""
HUES = {"reject": "bad", "skip": "near", "blank": "near", "keep": "near", "mend": "accent", "drop": ""}
STATES = {
    State.DRAFT: ("待完成", "draft", ""), State.QUEUED: ("排队中", "waiting", "accent"), State.RUNNING: ("进行中", "running", "accent"),
    State.DONE: ("已完成", "done", "good"), State.FAILED: ("失败", "failed", "bad"), State.CANCELLED: ("已取消", "cancelled", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with a colour."""

    text: str
    hue: str = ""


def state_of(job: ImportJob) -> Chip:
    zh, en, hue = STATES[State(job.state)]
    return Chip(t(zh, en), hue)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a worker is: ``done`` of ``total``, of which the page shows a share; ``total`` of 0 is not known."""

    title: str
    stage: str
    done: int
    total: int
    rows: int
    waiting: bool
    can_stop: bool


def progress_of(job: ImportJob) -> Step:
    waiting = job.state == State.QUEUED  # what was read so far is of the step before
    done, total, rows = (0, 0, 0) if waiting else (job.done, job.total if job.done else 0, job.rows)
    return Step(
        t(*WORKS[Work(job.work)]), t(*STAGES.get(job.stage, STAGES[""])), done, total, rows, waiting=waiting,
        can_stop=not job.stop_asked and job.stage != "facts",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """Records of one dataset: ready, and what became of them in the store (``None`` before)."""

    name: str
    accepted: int
    new: int | None = None
    replaced: int | None = None
    unchanged: int | None = None


def counts_of(report: Mapping[str, Any]) -> list[Count]:
    stored = report.get("datasets") or {}
    accepted = report.get("accepted") or {}
    return [Count(dataset_name(name), accepted[name], **stored.get(name, {})) for name in sorted(accepted)]


@dataclass(frozen=True, slots=True)
class Quality:
    """One kind of fault in words, and what to do about it."""

    what: str
    todo: str
    where: str
    treatment: Chip
    count: int
    examples: str
    lines: str


def quality_of(report: Mapping[str, Any], *, without: Collection[str] = ()) -> list[Quality]:
    """The faults, the gravest first, as the report has them; ``without`` those of these codes."""
    lang = words.language()
    return [
        Quality(
            _problem(item, lang), advice(item["code"], lang), _place(item), Chip(treatment(item["treatment"], lang), HUES[item["treatment"]]),
            item["count"], t("、", ", ").join(_example(*each) for each in _examples(item)),
            ", ".join(map(str, item["lines"][:5])),
        )
        for item in _items(report) if item["code"] not in without
    ]  # fmt: skip


def _examples(item: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """The first few values; of tables that were not read every one."""
    listed: Sequence[tuple[str, int]] = item["examples"]
    return listed if item["treatment"] == "skip" else listed[:3]


def _items(report: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (report.get("quality") or {}).get("items", ())
    return found


def _problem(item: Mapping[str, Any], lang: str) -> str:
    return problem(item["code"], lang, near_ones=item.get("near", ()), count=item["count"])


def _place(item: Mapping[str, Any]) -> str:
    dataset = dataset_name(item["dataset"]) if item["dataset"] else ""
    return " · ".join(part for part in (dataset, item["column"]) if part)


def _example(value: str, count: int) -> str:
    short = value if len(value) <= 30 else value[:29] + "…"
    return short if count < 2 else f"{short} ×{count}"


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did, in words for its page; ``open`` says that references fitted nothing then."""

    state: Chip
    counts: list[Count]
    quality: list[Quality]
    rows: int
    rejected: int
    unchanged: bool
    has_rejected: bool
    open: bool
    problems: list[str]


def result_of(job: ImportJob) -> Result:
    report = job.report
    return Result(
        state_of(job), counts_of(report), quality_of(report), report.get("rows", 0), report.get("rejected", 0),
        bool(report.get("unchanged")), bool(report.get("rejected_file")),
        any(item["code"] in CODES.values() for item in _items(report)), job.problems.get(words.language(), []),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One load of a source."""

    load: Load
    at: datetime
    rows: int
    share: float
    job: int | None
    stream: bool

    @property
    def percent(self) -> str:
        return f"{self.share * 100:.1f}%"

    @property
    def title(self) -> str:
        return source_title(self.load.source)


@dataclass(frozen=True, slots=True)
class SourceCard:
    """Files of one kind on the sources page; ``line`` are the points of the share refused, oldest first."""

    name: str
    rows: list[LoadRow]
    last: LoadRow | None
    age: str
    datasets: str
    line: str
    spoken: str


def source_title(name: str) -> str:
    """What a source is called: files by their names, the product's own records in words."""
    return t(*STREAMS[name]) if is_stream(name) and name in STREAMS else name


def source_card(source: Source, jobs: Mapping[int, int], now: datetime) -> SourceCard:
    rows = [_row(load, jobs) for load in source.loads]
    standing = [row for row in rows if not row.load.undone]
    shares = [row.share for row in reversed(standing[:12])]
    datasets = dict.fromkeys(name for load in source.standing for name in load.datasets)
    return SourceCard(
        source_title(source.loads[0].source) if any(row.stream for row in rows) else source.name, rows, standing[0] if standing else None, _age(standing[0].at, now) if standing else "",
        t("、", ", ").join(map(dataset_name, datasets)), points(shares),
        t("最近 {n} 次导入的拒收率：{list}", "Refused in the last {n:import/imports}: {list}", n=len(shares),
          list=", ".join(f"{share * 100:.1f}%" for share in shares)),
    )  # fmt: skip


def _row(load: Load, jobs: Mapping[int, int]) -> LoadRow:
    rows = max(load.datasets.values(), default=0)
    share = load.rejected / (load.rejected + rows) if load.rejected + rows else 0.0
    return LoadRow(
        load, datetime.fromtimestamp(load.at, UTC), sum(load.datasets.values()), share, jobs.get(load.number),
        is_stream(load.source),
    )  # fmt: skip


def _age(at: datetime, now: datetime) -> str:
    days = (now - at).days
    if days < 1:
        return t("今天", "today")
    return t("{n} 天前", "{n:day/days} ago", n=days) if days > 1 else t("昨天", "yesterday")


WIDTH, HEIGHT = 120, 28


def points(shares: Sequence[float]) -> str:
    """The points of a small line, 0 at the bottom and the greatest share (at least 5 %) at the top; none of one load, or where nothing was refused."""
    if len(shares) < 2 or not any(shares):
        return ""
    top = max([0.05, *shares])
    step = WIDTH / (len(shares) - 1)
    return " ".join(f"{n * step:.1f},{HEIGHT - 2 - (HEIGHT - 4) * share / top:.1f}" for n, share in enumerate(shares))
