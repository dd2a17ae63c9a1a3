"""Whatever a table holds: written as CSV and imported, it comes back equal."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuxiao.datasets.importing.mapping import NULLS
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.values import BLANKS, FULL_WIDTH, Reading
from importing_tools import bring, new_store, records

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

MAPPING = """
shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
title = "title"
contacts = "contacts"
"""
PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters=BLANKS + FULL_WIDTH),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text and text not in NULLS and text[0] != "'")
TITLES = st.one_of(
    st.none(),
    PLAIN,
    st.builds("{},{}".format, PLAIN, PLAIN),
    st.builds('{}"{}'.format, PLAIN, PLAIN),
    st.builds("{}\n{}".format, PLAIN, PLAIN),
)
ROWS = st.lists(
    st.tuples(st.integers(694310400, 1790000000), TITLES, st.one_of(st.none(), st.integers(0, 99_999))),
    min_size=1,
    max_size=20,
)


@settings(max_examples=25)
@given(
    rows=ROWS, delimiter=st.sampled_from([",", ";", "\t"]), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_a_table_written_as_csv_and_imported_is_equal(
    rows: list[tuple[int, str | None, int | None]], delimiter: str, encoding: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "opened", "title", "contacts"])
    for n, (opened, title, contacts) in enumerate(rows):
        writer.writerow([f"c{n:04d}", _moment(opened), title or "", "" if contacts is None else contacts])
    with tempfile.TemporaryDirectory() as folder, new_store(Path(folder) / "home") as store:
        mark = delimiter.replace("\t", "\\t")
        mapping = MAPPING + f'[file]\nencoding = "{encoding}"\ndelimiter = "{mark}"\n'
        report = bring(store, out.getvalue().encode(encoding), mapping)
        assert (report.rows, report.findings) == (len(rows), ())
        expected = [(f"c{n:04d}", opened, title, contacts) for n, (opened, title, contacts) in enumerate(rows)]
        assert records(store, "cases", "case_id", "opened_at", "title", "contacts") == expected


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def test_a_cell_that_one_look_leaves_alone_has_nothing_to_mend() -> None:
    letters = "a1年张ａ１，'=\"。王 \t\u3000\u00a0\n"
    draw = random.Random(7)
    cells = ["".join(draw.choices(letters, k=draw.randrange(7))) for _ in range(60_000)]
    reading = Reading(parse_mapping(MAPPING), "UTC", "CNY", ())
    with duckdb.connect() as connection:
        connection.register("cells", pa.table({"c": cells}))
        asked = f"select c, {reading.mended('c')} as one, {reading.mending('c')} as every from cells"
        mended, otherwise = connection.execute(
            f"select count(*) filter (where every <> c), list(c) filter (where one <> every) from ({asked})"
        ).fetchall()[0]
    assert mended > 10_000
    assert otherwise is None
