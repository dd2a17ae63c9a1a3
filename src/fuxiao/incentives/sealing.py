"""Seals a period and verifies sealed ones: bytes first, then every figure computed again from the sealed inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fuxiao.core.errors import FuxiaoError, SealError
from fuxiao.core.period import Period
from fuxiao.datasets.manifest import RecordSet, StoredFile, digest_of
from fuxiao.datasets.store import Store
from fuxiao.incentives.aside import home_aside
from fuxiao.incentives.program import program, same_program
from fuxiao.incentives.results import Recipe, Result, result_rows, work_out
from fuxiao.incentives.seals import (
    Seal,
    decode,
    definitions_beside,
    definitions_of,
    key_of,
    path_of,
    read_seal,
    sealed_periods,
    unlisted_periods,
)

REMARKS = ("code", "definition")
PATIENCE = 30
"""Seconds that a seal waits for another writer, such as the worker that builds facts, before it says so."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was sealed.

    ``kind``: ``file_missing``, ``file_changed`` (a file of records or facts), ``seal_missing``, ``seal_changed`` (the
    seal itself or a file beside it), ``seal_unlisted`` (a seal that the manifest does not name), ``figure`` (``sealed``
    against ``now``), ``code_reason`` (another program sealed these, which is why they are likely to differ), ``chain``
    (the seal before this one is gone or another), ``row_changed``, ``row_missing``,
    ``row_added``, ``row_untold`` (a row of a review cycle).
    Remarks: ``code`` (another program sealed it), ``definition`` (a file that the sealed figures were made with
    is another one today; they hold under the sealed one).
    """

    kind: str
    where: str
    sealed: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of verifying one period."""

    period: Period
    digest: str
    figures: int
    files: int
    differences: tuple[Difference, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found but remarks."""
        return all(each.kind in REMARKS for each in self.differences)


def seal_period(store: Store, recipe: Recipe, *, at: datetime, by: str = "") -> tuple[Seal, Result]:
    """Work the period out once more and seal it; what was sealed stays sealed.

    Raises ``SealError``: ``seal.exists`` for a sealed period, ``seal.too_early`` before the period's end,
    ``seal.nothing`` for one in which nothing was counted and nobody has a score.
    """
    if path_of(recipe.period) in store.manifest.seals:
        raise SealError("seal.exists", period=recipe.period.key)
    if recipe.as_of < recipe.period.bounds(store.settings.zone)[1]:
        raise SealError("seal.too_early", period=recipe.period.key, end=recipe.period.end.isoformat())
    definitions, records = definitions_of(store.home), store.manifest.records
    return keep_seal(store, recipe, work_out(store, recipe), definitions, records, at=at, by=by)


def keep_seal(
    store: Store, recipe: Recipe, result: Result, definitions: Mapping[str, str], records: Mapping[str, RecordSet],
    *, at: datetime, by: str,
) -> tuple[Seal, Result]:  # fmt: skip
    """Seal a result that was worked out under these definitions from these records."""
    counted = any(value.n for value in result.run.values.values())
    if not counted and not any(card.rated for card in result.run.scores.cards):
        raise SealError("seal.nothing", period=recipe.period.key)
    seal = Seal(
        recipe=recipe,
        definitions=definitions,
        records=records,
        rows=result_rows(result),
        code=program(),
        sealed_at=at,
        sealed_by=by,
        previous=_last_digest(store),
        held={p.person: p.held for p in result.settlement.payouts if p.held},
        carried={p.person: p.carried for p in result.settlement.payouts if p.carried},
        earned={p.person: p.earned for p in result.settlement.payouts},
    )
    with store.change(patience=PATIENCE) as change:
        change.put_file(path_of(recipe.period), seal.encoded())
    return seal, result


def _last_digest(store: Store) -> str:
    """The digest of the seal that was made last."""
    periods = sealed_periods(store)
    seals = [(read_seal(store, period).sealed_at, period) for period in periods]
    if not seals:
        return ""
    return store.manifest.seals[path_of(max(seals, key=lambda pair: (pair[0], pair[1].end))[1])].sha256


def verify_period(store: Store, period: Period, *, begin: Callable[[str], None] = lambda _part: None) -> Verification:
    """Compare the seal and its inputs byte by byte, then compute every figure again and compare it.

    A seal that was changed is read as far as it can be, so that the figures changed in it have a name. ``UnknownName``
    for a period that is not sealed. ``begin`` hears ``files`` and ``figures`` when these parts begin.
    """
    begin("files")
    if period in unlisted_periods(store):
        path = path_of(period)
        unlisted = Difference("seal_unlisted", path, now=digest_of(store.lake / path))
        return Verification(period, "", 0, 0, (unlisted,))
    seal, differences = _opened(store, period)
    digest = store.manifest.seals[path_of(period)].sha256
    if seal is None:
        return Verification(period, digest, 0, 0, tuple(differences))
    files = [file for records in seal.records.values() for file in records.files]
    intact = not differences
    compute = nullcontext() if intact else suppress(FuxiaoError)
    differences += [*_papers(store, period), *_stored(store.lake, files), *_chain(store, seal)]
    remarks = list(_definition_differences(store.home, seal))
    sound = not any(each.kind.startswith("file") for each in differences)
    differences += _stored(store.lake, store.manifest.facts.values())
    figures: list[Difference] = []
    if sound:
        begin("figures")
        with compute:
            figures += _figure_differences(seal.rows, recompute(store, seal))
    if not same_program(seal.code):
        sealer, now = f"fuxiao {seal.code}", program()
        reason = intact and bool(figures)
        remarks.insert(
            0,
            Difference("code_reason", sealer, seal.code, now) if reason else Difference("code", sealer, seal.code, now),
        )
    found = (*differences, *remarks, *figures)
    return Verification(period, digest, len(seal.rows), len(files), found)


def _opened(store: Store, period: Period) -> tuple[Seal | None, list[Difference]]:
    """The seal; one that was changed as far as it can be read, with that difference."""
    path = path_of(period)
    broken = seal_difference(store, path) if path in store.manifest.seals else None
    return (read_seal(store, period), []) if broken is None else (_as_changed(store, period), [broken])


def _papers(store: Store, period: Period) -> Iterator[Difference]:
    """The files beside the seal that were changed or are gone."""
    own = path_of(period)
    for path in sorted(store.manifest.seals):
        if path.rpartition("/")[0] == own.rpartition("/")[0] and path != own:
            broken = seal_difference(store, path)
            yield from (broken,) if broken is not None else ()


def seal_difference(store: Store, path: str) -> Difference | None:
    """What is wrong with a file of a seal that the manifest names: it is gone, or another one."""
    there, sealed = store.lake / path, store.manifest.seals[path].sha256
    if not there.is_file():
        return Difference("seal_missing", path, sealed)
    now = digest_of(there)
    return None if now == sealed else Difference("seal_changed", path, sealed, now)


def _as_changed(store: Store, period: Period) -> Seal | None:
    """A changed seal as it reads now; ``None`` where it is none any more."""
    try:
        return decode((store.lake / path_of(period)).read_bytes(), period)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, SealError):
        return None


def _definition_differences(home: Path, seal: Seal) -> Iterator[Difference]:
    now = definitions_beside(seal.definitions, home)
    for name in sorted(seal.definitions.keys() | now.keys()):
        if seal.definitions.get(name) != now.get(name):
            yield Difference("definition", name)
    for kind, text in (("scheme", seal.recipe.scheme), ("plan", seal.recipe.plan)):
        same = [path for path, today in _named_alike(home / f"{kind}s", kind, text) if today != text]
        yield from (Difference("definition", path.relative_to(home).as_posix()) for path in same)


def _named_alike(folder: Path, kind: str, text: str) -> Iterator[tuple[Path, str]]:
    """The files of a folder that give their scheme or plan the same name as ``text`` does."""
    for path in sorted(folder.glob("*.yaml")):
        today = path.read_text(encoding="utf-8-sig", errors="replace")
        if key_of(today, kind) == key_of(text, kind):
            yield path, today


def _stored(lake: Path, files: Iterable[StoredFile]) -> Iterator[Difference]:
    """The files that are gone or changed. No seal is worked out from facts, but every figure of today is."""
    for file in files:
        path = lake / file.path
        if not path.is_file():
            yield Difference("file_missing", file.path, file.sha256)
        elif (now := digest_of(path)) != file.sha256:
            yield Difference("file_changed", file.path, file.sha256, now)


def _chain(store: Store, seal: Seal) -> Iterator[Difference]:
    known = {file.sha256 for file in store.manifest.seals.values()}
    if seal.previous and seal.previous not in known:
        yield Difference("chain", path_of(seal.period), seal.previous)


def _figure_differences(sealed: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for path in sorted(sealed.keys() | now.keys()):
        if sealed.get(path) != now.get(path):
            yield Difference("figure", path, sealed.get(path, ""), now.get(path, ""))


def recompute(store: Store, seal: Seal, *, records: Mapping[str, RecordSet] | None = None) -> dict[str, str]:
    """Every figure of the period worked out again under the sealed definitions.

    From the sealed records, or from ``records`` (those of today, to see what late data would change).
    """
    return result_rows(work_out_again(store, seal, records=records))


def work_out_again(store: Store, seal: Seal, *, records: Mapping[str, RecordSet] | None = None) -> Result:
    """The result of the sealed recipe over the sealed records, or over ``records``."""
    with home_aside(store, seal.definitions, records or seal.records) as home, Store.open(home) as again:
        return work_out(again, seal.recipe)
