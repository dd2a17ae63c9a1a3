"""Hostile, huge and broken files: one clear error or every good row, and nothing half-done."""

from __future__ import annotations

import io
import resource
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from filelock import FileLock

from fuxiao.core.errors import FuxiaoError, InputError, StoreError
from fuxiao.datasets.importing import workspace
from fuxiao.datasets.store import Store
from importing_tools import CASES, bring, put, records

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
HEAD = "id,opened,answered,owner\n"


def left_over(store: Store) -> list[str]:
    """What a failed import left in the home."""
    folders = [store.lake / "records", store.home / "rejected", store.home / "quality"]
    return [path.name for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_nul_byte_makes_no_file_utf_16(store: Store) -> None:
    bring(store, (HEAD + "1,2026-08-03,,A\n2,2026-08-03,,B\0C\n3,2026-08-03,,D\n").encode())
    assert records(store, "cases", "case_id", "owner") == [("1", "A"), ("2", "B\0C"), ("3", "D")]


def test_line_endings_may_be_mixed_and_lines_are_counted_all_the_same(store: Store) -> None:
    report = bring(store, HEAD + "1,2026-08-03,,A\r\n2,2026-08-03,,B\n3,2026-08-03,,C\r4,never,,D\n")
    assert records(store, "cases", "case_id", "owner") == [("1", "A"), ("2", "B"), ("3", "C")]
    assert [(f.line, f.column) for f in report.findings] == [(5, "opened")]


def test_line_breaks_in_cells_may_lie_on_the_border_of_two_blocks(store: Store) -> None:
    rows = [f'{n},2026-08-03,,"{"x" * 90}\n{n}"' for n in range(20_000)]
    rows[15_000] = "15000,never,,A"
    report = bring(store, HEAD + "\n".join(rows) + "\n")
    assert [(f.line, f.column) for f in report.findings] == [(30_002, "opened")]
    assert set(records(store, "cases", "owner")) == {("x" * 90 + f"\n{n}",) for n in range(20_000) if n != 15_000}


def test_a_cell_larger_than_a_block_is_kept_whole(store: Store) -> None:
    bring(store, HEAD + f"1,2026-08-03,,A\n2,2026-08-03,,{'x' * (5 << 20)}\n3,2026-08-03,,B\n")
    assert [len(owner) for (owner,) in records(store, "cases", "owner")] == [1, 1, 5 << 20]


@pytest.mark.parametrize(("rows", "code"), [("never,,A", "bad_moment"), ("2026-08-03", "ragged_few")])
def test_a_file_of_refused_rows_alone_stores_nothing_and_lists_them_all(store: Store, rows: str, code: str) -> None:
    report = bring(store, HEAD + "".join(f"{n},{rows}\n" for n in range(1_000)))
    assert (report.rejected, report.load, store.manifest.loads) == (1_000, None, ())
    assert [(f.line, f.code) for f in report.findings] == [(n + 2, code) for n in range(1_000)]
    assert report.rejected_file is not None


def test_a_file_with_a_header_alone_brings_nothing(store: Store) -> None:
    report = bring(store, HEAD)
    assert (report.rows, report.load, left_over(store)) == (0, None, [])


def test_an_archive_in_an_archive_is_not_opened(store: Store) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", HEAD + "1,2026-08-03,,A\n")
    with zipfile.ZipFile(store.home / "f.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    with pytest.raises(InputError, match=r"archive\.empty"):
        bring(store, store.home / "f.zip")


def test_an_outside_entity_in_a_workbook_is_refused(store: Store) -> None:
    secret = put(store, "secret.txt", "do not read me")
    plain, path = io.BytesIO(), store.home / "f.xlsx"
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write_row(0, 0, ["id", "opened", "answered", "MARK"])
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"MARK", b"&outside;")
            entity = f'<!DOCTYPE sst [<!ENTITY outside SYSTEM "{secret.as_uri()}">]><sst'.encode()
            new.writestr(name, text.replace(b"<sst", entity))
    with pytest.raises(InputError, match=r"file\.unreadable"):
        bring(store, path)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
@pytest.mark.parametrize("most", [0, 4_000, 40_000, 400_000])
def test_a_full_disk_is_one_error_and_leaves_the_store_as_before(store: Store, most: int) -> None:
    bring(store, HEAD + "0,2026-08-03,,first\n")
    before, files = store.manifest, left_over(store)
    text = HEAD + "".join(f"{n},2026-08-03,,{hash((n, 'x'))}\n" for n in range(50_000))
    path = put(store, "large.csv", text)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, unlimited[1]))
    try:
        with pytest.raises((FuxiaoError, OSError)):
            bring(store, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert (store.refresh(), left_over(store)) == (before, files)
    assert bring(store, path).accepted == {"cases": 50_000}


def test_a_second_import_is_told_that_one_is_at_work(store: Store) -> None:
    path = put(store, "f.csv", HEAD + "1,2026-08-03,,A\n")
    with Store.open(store.home, threads=1) as other, other.change(), pytest.raises(StoreError, match=r"store\.locked"):
        bring(store, path)
    assert (store.manifest.loads, left_over(store)) == ((), [])
    assert bring(store, path).load == 1


def test_thousands_of_columns_that_nobody_mentions_are_refused_until_they_are_dropped(store: Store) -> None:
    extra = [f"x{n}" for n in range(1_200)]
    text = HEAD.strip() + "," + ",".join(extra) + "\n1,2026-08-03,,A," + ",".join(extra) + "\n"
    with pytest.raises(InputError, match=r"file\.too_wide"):
        bring(store, text)
    assert bring(store, text, f"drop = {extra}\n{CASES}".replace("'", '"')).accepted == {"cases": 1}


def test_whoever_sweeps_a_folder_away_while_its_lock_is_made_stops_no_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []

    class Swept(FileLock):
        """Finds its folder gone, the first time."""

        def acquire(self, *given: Any, **more: Any) -> Any:
            tried.append(Path(self.lock_file).parent)
            if len(tried) == 1:
                tried[0].rmdir()
                raise FileNotFoundError(self.lock_file)
            return super().acquire(*given, **more)

    monkeypatch.setattr(workspace, "FileLock", Swept)
    with workspace.held_folder("import-", tmp_path) as folder:
        assert [each for each in tried if each.is_dir()] == [folder] == tried[1:]
    assert list(tmp_path.iterdir()) == []
