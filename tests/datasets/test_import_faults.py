"""Each fault of a file has a treatment, is counted, and is found again by line and column."""

from __future__ import annotations

import csv
import io
import random

import pytest
from openpyxl import Workbook

from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.progress import Cancelled, Progress
from fuxiao.datasets.importing.run import check_file, import_file
from fuxiao.datasets.importing.words import codes, reason
from fuxiao.datasets.store import Added, Store
from importing_tools import AT, CASES, bring, epoch, put, records

# Ibis still asks DuckDB 2 for tables by a name that DuckDB has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
HEAD = "id,opened,answered,owner\n"


def test_a_thousand_planted_errors_are_a_thousand_findings_with_line_and_column(store: Store) -> None:
    rng = random.Random(7)
    rows = [[f"C{n}", "2026-08-03 09:00:00", "2026-08-03 09:30:00", "A"] for n in range(20_000)]
    planted = set()
    faults = {"opened": "31/31/2026", "answered": "yesterday"}
    for n in rng.sample(range(20_000), 1_000):
        column = rng.choice(["opened", "answered"])
        rows[n][1 if column == "opened" else 2] = faults[column]
        planted.add((n + 2, column, faults[column], "bad_moment"))
    report = bring(store, HEAD + "\n".join(map(",".join, rows)) + "\n")
    assert {(f.line, f.column, f.value, f.code) for f in report.findings} == planted
    assert len(report.findings) == 1_000
    refused = sum(column == "opened" for _, column, _, _ in planted)
    assert (report.rejected, report.accepted["cases"]) == (refused, 20_000 - refused)


def test_ragged_rows_are_refused_with_line_and_reason_and_empty_ones_skipped(store: Store) -> None:
    text = HEAD + "1,2026-08-03,,A\n\n2,2026-08-03\n3,2026-08-03,,B,too,many\n,,,\n4,2026-08-03,,C,\n"
    report = bring(store, text)
    assert [(f.line, f.code) for f in report.findings] == [(4, "ragged_few"), (5, "ragged_many")]
    assert report.quality.count("empty_line") == 2
    assert report.quality.count("trailing_cells") == 1
    assert records(store, "cases", "case_id") == [("1",), ("4",)]


def test_a_quote_that_is_never_closed_costs_only_its_own_line(store: Store) -> None:
    text = HEAD + '1,2026-08-03,,A\n2,2026-08-03,,"B\n3,2026-08-03,,C\n4,2026-08-03,,D\n'
    report = bring(store, text)
    assert [(f.line, f.code) for f in report.findings] == [(3, "unclosed_quote")]
    assert records(store, "cases", "case_id") == [("1",), ("3",), ("4",)]


@pytest.mark.parametrize("next_row", ['3,2026-08-03,"n",C\n', '3,2026-08-03,,"C ""c"""\n', '3,2026-08-03,,"C\nc"\n'])
@pytest.mark.parametrize("open_row", ['2,2026-08-03,,"B\n', '2,2026-08-03,"a,B\n'])
def test_a_quote_that_is_never_closed_takes_no_row_with_it_whose_cells_have_quotes_of_their_own(
    store: Store, open_row: str, next_row: str
) -> None:
    mapping = CASES.replace('first_response_at = "answered"', 'title = "answered"')
    report = bring(store, HEAD + f"1,2026-08-03,,A\n{open_row}{next_row}4,2026-08-03,,D\n", mapping)
    assert [(f.line, f.code) for f in report.findings] == [(3, "unclosed_quote")]
    owner = next(csv.reader([next_row]))[3] if "\n" not in next_row.rstrip() else "C\nc"
    assert records(store, "cases", "case_id", "owner") == [("1", "A"), ("3", owner), ("4", "D")]


def test_a_ragged_row_with_a_line_break_in_a_cell_is_one_row_and_comes_back_mended(store: Store) -> None:
    text = HEAD + '"1\na",2026-08-03\n2,2026-08-03,,"B\nb",too,many\n"3\nc",2026-08-03,,C,\n4,2026-08-03,,D\n'
    report = bring(store, text)
    assert [(f.line, f.code) for f in report.findings] == [(2, "ragged_few"), (4, "ragged_many")]
    assert (report.rows, records(store, "cases", "case_id")) == (4, [("3\nc",), ("4",)])
    assert report.rejected_file is not None
    refused = csv.DictReader(io.StringIO(report.rejected_file.read_text(encoding="utf-8-sig")))
    assert [row["id"] for row in refused] == ["1\na", "2"]


def test_lines_are_counted_through_line_breaks_inside_cells(store: Store) -> None:
    text = HEAD + '1,2026-08-03,,"A\nB\nC"\n2,never,,D\n3,2026-08-03,,E\n4\n'
    report = bring(store, text)
    assert [(f.line, f.code) for f in report.findings] == [(5, "bad_moment"), (7, "ragged_few")]


def test_exact_repetitions_are_dropped_and_a_key_that_comes_again_wins(store: Store) -> None:
    report = bring(store, HEAD + "1,2026-08-03,,A\n1,2026-08-03,,A\n1,2026-08-03,,B\n")
    assert [(f.line, f.column, f.value, f.code) for f in report.findings] == [
        (2, "id", "1", "duplicate_key"),
        (3, "", "", "duplicate_row"),
    ]
    assert report.rejected == 0
    assert records(store, "cases", "case_id", "owner") == [("1", "B")]


def test_an_answer_before_the_opening_is_left_out_and_counted(store: Store) -> None:
    report = bring(store, HEAD + "1,2026-08-03 10:00,2026-08-03 09:00,A\n2,2026-08-03 10:00,2026-08-03 10:00,A\n")
    assert report.quality.count("impossible_order", "answered") == 1
    assert records(store, "cases", "case_id", "first_response_at") == [("1", None), ("2", epoch("2026-08-03 10:00"))]


def test_a_closing_taken_for_the_resolution_too_is_one_fault(store: Store) -> None:
    text = "id,opened,closed\n1,2026-08-03 10:00,2026-08-02 09:00\n2,2026-08-03,never\n"
    both = CASES.replace('owner = "owner"', 'resolved_at = "closed"\nclosed_at = "closed"').replace(
        "answered", "opened"
    )
    report = bring(store, text, both)
    assert [(f.line, f.column, f.code) for f in report.findings] == [
        (2, "closed", "impossible_order"), (3, "closed", "bad_moment"),
    ]  # fmt: skip
    assert [report.quality.count(code) for code in ("impossible_order", "bad_moment")] == [1, 1]


def test_impossible_dates_refuse_the_row_or_leave_the_value_out(store: Store) -> None:
    report = bring(store, HEAD + "1,1970-01-01,,A\n2,2026-08-03,2099-01-01,A\n3,2028-01-01,,A\n")
    assert [(f.line, f.column, f.code, f.treatment) for f in report.findings] == [
        (2, "opened", "impossible_date", "reject"),
        (3, "answered", "impossible_date", "blank"),
        (4, "opened", "impossible_date", "reject"),
    ]
    assert records(store, "cases", "case_id", "first_response_at") == [("2", None)]


def test_full_width_digits_and_spaces_are_mended_and_counted(store: Store) -> None:
    report = bring(store, HEAD + "１２３　,２０２６-08-03 09:00, ,　张 John \n")
    assert records(store, "cases", "case_id", "opened_at", "owner") == [("123", epoch("2026-08-03 09:00"), "张 John")]
    assert report.quality.count("mended") == 4


def test_a_name_spread_to_the_width_of_the_others_is_the_same_person(store: Store) -> None:
    names = ["张伟", "张　伟", "张  伟", "欧 阳 娜", "张伟 李娜"]
    bring(store, HEAD + "".join(f"{n},2026-08-03,,{name}\n" for n, name in enumerate(names)))
    owners = [owner for _, owner in records(store, "cases", "case_id", "owner")]
    assert owners == ["张伟", "张伟", "张伟", "欧阳娜", "张伟 李娜"]


def test_null_marks_say_that_there_is_nothing(store: Store) -> None:
    marks = ["?", "-", "--", "N/A", "NA", "null", "Null", "(null)", "None", "none", "(blank)"]
    marks += ["空", "空白", "(空白)", "无", "暂无"]
    report = bring(store, HEAD + "".join(f"{n},2026-08-03,{mark},A\n" for n, mark in enumerate(marks)))
    assert report.findings == ()
    assert {answered for (answered,) in records(store, "cases", "first_response_at")} == {None}


def test_a_required_value_that_is_missing_refuses_the_row(store: Store) -> None:
    report = bring(store, HEAD + "?,2026-08-03,,A\n1,,,A\n")
    assert [(f.line, f.column, f.value, f.code) for f in report.findings] == [
        (2, "id", "?", "null_mark"), (3, "opened", "", "missing"),
    ]  # fmt: skip
    assert report.load is None


def test_a_row_of_totals_is_no_record_and_none_to_mend(store: Store) -> None:
    rows = ["1,2026-08-03,,A", "小计：,,,1 单", "2,2026-08-04,,B", ",合 计,,2 单", "3,,,合计", "合计,2026-08-05,,C"]
    report = bring(store, HEAD + "".join(f"{row}\n" for row in rows))
    assert [(f.line, f.column, f.value, f.code, f.treatment) for f in report.findings] == [
        (3, "", "小计", "total_row", "drop"), (5, "", "合 计", "total_row", "drop"),
        (6, "opened", "", "missing", "reject"),
    ]  # fmt: skip
    assert (report.rows, report.rejected) == (6, 1)
    assert [case_id for (case_id,) in records(store, "cases", "case_id")] == ["1", "2", "合计"]


def test_unknown_values_of_a_fixed_list_are_left_out_and_listed(store: Store) -> None:
    mapping = """
shape = "case"
[visits.columns]
case_id = "id"
engineer = "owner"
outcome = {column = "r", values = {"修好" = "fixed"}}
"""
    report = bring(store, "id,owner,r\n1,A,修好\n1,A,Fixed\n2,B,爆炸\n", mapping)
    assert records(store, "visits", "case_id", "visit_no", "outcome") == [
        ("1", 1, "fixed"),
        ("1", 2, "fixed"),
        ("2", 1, None),
    ]
    [item] = [i for i in report.quality.items if i.code == "unknown_value"]
    assert (item.count, item.examples, item.lines) == (1, (("爆炸", 1),), (4,))


def test_a_person_chooses_another_treatment(store: Store) -> None:
    text = HEAD + "1,2026-08-03 10:00,2026-08-03 09:00,A\n"
    assert bring(store, text, CASES + '[cases.treatments]\nfirst_response_at = "reject"\n').rejected == 1
    kept = bring(store, text, CASES + '[cases.treatments]\nfirst_response_at = "keep"\n')
    assert [f.treatment for f in kept.findings] == ["keep"]
    assert records(store, "cases", "first_response_at") == [(epoch("2026-08-03 09:00"),)]


@pytest.mark.parametrize("line", [2, 9])
def test_a_header_line_without_anything_in_it_is_refused(store: Store, line: int) -> None:
    mapping = CASES + f"[file]\nheader = {line}\n"
    with pytest.raises(InputError) as refused:
        bring(store, HEAD + "\n1,2026-08-03 10:00,2026-08-03 09:00,A\n", mapping)
    assert (refused.value.code, refused.value.params) == ("header.nothing", {"line": line, "first": 1})


def test_rejected_rows_can_be_mended_and_imported_with_the_same_mapping(store: Store) -> None:
    mapping = CASES + '[file]\nencoding = "gb18030"\ndelimiter = ";"\nheader = 2\n'
    report = bring(
        store,
        "报表\nid;opened;answered;owner\n1;2026-08-03;;张伟\n2;错;;李,娜\n3;2026-08-03\n".encode("gb18030"),
        mapping,
    )
    assert report.rejected == 2
    assert report.rejected_file is not None
    content = report.rejected_file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [(r["id"], r["_file"], r["_line"], r["_column"]) for r in rows] == [
        ("2", "file.csv", "4", "opened"),
        ("3", "file.csv", "5", ""),
    ]
    assert "无法识别的时间" in rows[0]["_reason"]
    mended = store.home / "mended.csv"
    mended.write_bytes(content.replace("错".encode(), b"2026-08-04"))
    again = bring(store, mended, mapping)
    assert (again.rejected, again.accepted) == (0, {"cases": 2})
    assert records(store, "cases", "case_id", "owner") == [("1", "张伟"), ("2", "李,娜"), ("3", None)]
    assert store.records("cases").columns == store.records("cases").columns
    assert not [c for c in store.records("cases").columns if c.startswith("_")]


def test_rejected_rows_hold_no_formula_for_a_spreadsheet_and_come_back_as_they_were(store: Store) -> None:
    formula = "=cmd|' /C calc'!A0"
    report = bring(store, HEAD + f"=1+1,never,,{formula}\n'=2,never,,-5\n@3,never,,Li,Wang\n")
    assert report.rejected_file is not None
    content = report.rejected_file.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(content.splitlines()))
    assert [(row["id"], row["owner"]) for row in rows] == [("'=1+1", f"'{formula}"), ("''=2", "-5"), ("'@3", "Li")]
    mended = store.home / "mended.csv"
    mended.write_text(content.replace("never", "2026-08-04"), encoding="utf-8-sig")
    again = bring(store, mended, CASES)
    assert again.rejected == 0
    assert records(store, "cases", "case_id", "owner") == [("'=2", "-5"), ("=1+1", formula), ("@3", "Li")]


SHEETS = """
shape = "case"
[file]
sheet = "工单"
header = 2
[cases.columns]
case_id = "id"
opened_at = "opened"
owner = "owner"
"""


def saved(rows: list[list[str]], kind: str) -> bytes:
    """The rows as a spreadsheet saves them: as a workbook, or with the delimiters of another country."""
    stream = io.StringIO()
    if kind == "xlsx":
        book, out = Workbook(), io.BytesIO()
        sheet = book.worksheets[0]
        for at, row in enumerate(rows, start=1):
            for column, text in enumerate(row, start=1):
                sheet.cell(at, column).value = text or None
                sheet.cell(at, column).data_type = "s" if text else "n"
        book.save(out)
        return out.getvalue()
    csv.writer(stream, delimiter=";" if kind == "semicolons" else "\t").writerows(rows)
    return stream.getvalue().encode("utf-8-sig" if kind == "semicolons" else "utf-16")


@pytest.mark.parametrize(("kind", "name"), [("xlsx", "m.xlsx"), ("semicolons", "m.csv"), ("unicode text", "m.csv")])
def test_refused_rows_mended_in_a_spreadsheet_come_in_once_and_as_they_were(store: Store, kind: str, name: str) -> None:
    text = "报表,,\nid,opened,owner\n001,never,=1+1\n@2,never,Li\n3,2026-08-03,Li\n"
    mapping = SHEETS.replace('sheet = "工单"\n', "")
    report = bring(store, text, mapping)
    assert report.rejected_file is not None
    rows = list(csv.reader(report.rejected_file.read_text(encoding="utf-8-sig").splitlines()))
    mended = [[cell.replace("never", "2026/8/4 9:05") for cell in row] for row in rows]
    again = bring(store, saved(mended, kind), SHEETS if kind == "xlsx" else mapping, name=name)
    assert (again.rejected, again.datasets["cases"]) == (0, Added(new=2, replaced=0, unchanged=0))
    assert records(store, "cases", "case_id", "owner") == [("001", "=1+1"), ("3", "Li"), ("@2", "Li")]


def test_the_findings_file_lists_every_fault(store: Store) -> None:
    report = bring(store, HEAD + "1,2026-08-03,soon,A\n")
    assert report.rejected_file is None
    assert report.findings_file is not None
    [row] = csv.DictReader(report.findings_file.read_text(encoding="utf-8-sig").splitlines())
    assert (row["line"], row["column"], row["value"], row["code"], row["treatment"]) == (
        "2",
        "answered",
        "soon",
        "bad_moment",
        "blank",
    )


def test_the_same_file_with_the_same_mapping_changes_nothing(store: Store) -> None:
    text = HEAD + "1,2026-08-03,,A\n"
    first = bring(store, text)
    again = bring(store, text)
    assert (first.load, again.load, again.unchanged) == (1, 1, True)
    assert len(store.manifest.loads) == 1


def test_a_newer_version_replaces_and_the_older_stays_in_history(store: Store) -> None:
    bring(store, HEAD + "1,2026-08-03,,A\n2,2026-08-03,,A\n")
    report = bring(store, HEAD + "1,2026-08-03,,B\n2,2026-08-03,,A\n3,2026-08-03,,C\n")
    added = report.datasets["cases"]
    assert (added.new, added.replaced, added.unchanged) == (1, 1, 1)
    assert records(store, "cases", "case_id", "owner") == [("1", "B"), ("2", "A"), ("3", "C")]
    assert store.execute(store.history("cases").count()) is not None


def test_history_keeps_the_line_of_the_source(store: Store) -> None:
    bring(store, HEAD + "1,2026-08-03,,A\n\n2,2026-08-03,,A\n")
    rows = store.execute(store.history("cases").select("case_id", "_row")).to_pylist()
    assert sorted((r["case_id"], r["_row"]) for r in rows) == [("1", 2), ("2", 4)]


def test_a_cancelled_import_leaves_the_store_as_before(store: Store) -> None:
    path = put(store, "f.csv", HEAD + "1,2026-08-03,,A\n")
    seen: list[Progress] = []
    for most in range(1, 40):
        seen.clear()
        try:
            import_file(
                store,
                path,
                parse_mapping(CASES),
                at=AT,
                progress=seen.append,
                cancelled=lambda most=most: len(seen) >= most,
            )
        except Cancelled:
            assert store.manifest.loads == ()
            continue
        break
    assert len(store.manifest.loads) == 1
    assert {p.stage for p in seen} >= {"scan", "read", "check", "write"}


def test_a_check_stores_nothing_and_says_the_same(store: Store) -> None:
    path = put(store, "f.csv", HEAD + "1,2026-08-03,,A\n2,x,,A\n")
    checked = check_file(store, path, parse_mapping(CASES), at=AT)
    assert (checked.load, checked.rejected, checked.accepted) == (None, 1, {"cases": 1})
    assert store.manifest.loads == ()
    assert not (store.home / "rejected").exists()
    assert bring(store, path).quality == checked.quality


def test_a_mapping_that_names_other_columns_is_refused_with_the_near_ones(store: Store) -> None:
    with pytest.raises(DefinitionError) as error:
        bring(store, "id,opend,answered,owner\n1,2026-08-03,,A\n")
    [issue] = error.value.issues
    assert (issue.where, issue.code) == ("cases", "mapping.column_unknown")
    assert issue.params == {"column": "opened", "near": ("opend",)}


def test_a_column_nobody_mentions_stays_as_a_dimension_and_is_told(store: Store) -> None:
    report = bring(store, "id,opened,answered,owner,Tenure Bucket,Owner\n1,2026-08-03,,A,0-30,x\n")
    assert records(store, "cases", "tenure_bucket", "owner_2") == [("0-30", "x")]
    assert report.quality.count("new_column") == 2


def test_every_reason_has_words_in_both_languages_and_the_report_is_a_table(store: Store) -> None:
    assert all(reason(code, language) != code for code in codes() for language in ("zh", "en"))
    report = bring(store, HEAD + "1,2026-08-03,soon,A\n")
    assert report.quality.table("zh")[1] == ("无法识别的时间", "cases", "answered", "该值留空", "1", "soon", "2")
    assert report.quality.table("en")[0] == ("what", "dataset", "column", "treatment", "count", "examples", "lines")
    assert report.as_dict()["quality"] == report.quality.as_dict()
