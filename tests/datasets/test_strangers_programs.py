"""Files as databases, scripts and services of many countries write them: encodings, quotes, moments, envelopes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fuxiao.datasets.store import Store
from importing_tools import bring, epoch, new_store, put, records
from strangers import OPENED, N, first, log, proposed, unassisted


@pytest.fixture
def shanghai(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "shanghai", zone="Asia/Shanghai") as opened:
        yield opened


@pytest.mark.parametrize(
    ("encoding", "header", "owner"),
    [
        ("big5", "報修單號,報修時間,完修時間,維修人員", "陳志明"),
        ("cp932", "受付番号,受付日時,完了日時,担当者", "佐藤"),
        ("gb18030", "工单编号,报修时间,完工时间,维修人员", "张伟"),
        ("cp1252", "Ticketnummer,Eröffnet am,Gelöst am,Bearbeiter", "Jörg Weiß"),
    ],
)
def test_the_encodings_of_taiwan_and_japan_are_told_from_those_of_the_mainland_and_of_the_west(
    store: Store, encoding: str, header: str, owner: str
) -> None:
    rows = "".join(f"T{n:03d},{at:%Y/%m/%d %H:%M},{at:%Y/%m/%d} 23:59,{owner}\n" for n, at in enumerate(OPENED))
    report = unassisted(store, f"{header}\n{rows}".encode(encoding))
    assert (report.accepted, report.findings) == ({"cases": N}, ())
    assert first(store, "owner", "resolved_at") == (owner, epoch("2026-03-20T23:59"))


@pytest.mark.parametrize("mark", ["^", "~", "\x01", "\x1f"])
def test_the_delimiters_of_data_warehouses_are_found(store: Store, mark: str) -> None:
    report = unassisted(store, log(["Agent"], [["Kim"], ["Lee, Ann"]], mark))
    assert (report.accepted, report.rejected) == ({"cases": N}, 0)
    assert first(store, "owner") == ("Kim",)


def test_a_backslash_before_a_quote_belongs_to_no_cell_and_costs_no_row(store: Store) -> None:
    said = 'he said \\"no\\", and left, C:\\\\temp'
    rows = "".join(f'"T{n:03d}","{at:%Y-%m-%d %H:%M}","{said}","Kim"\n' for n, at in enumerate(OPENED))
    report = unassisted(store, '"ticket_id","created_at","subject","agent"\n' + rows)
    assert (report.accepted, report.rejected) == ({"cases": N}, 0)
    assert first(store, "title", "owner") == ('he said "no", and left, C:\\temp', "Kim")


def test_a_backslash_at_the_end_of_a_cell_is_one(store: Store) -> None:
    rows = "".join(f'"T{n:03d}","{at:%Y-%m-%d %H:%M}","C:\\temp\\","Kim"\n' for n, at in enumerate(OPENED))
    assert unassisted(store, '"ticket_id","created_at","subject","agent"\n' + rows).rejected == 0
    assert first(store, "title") == ("C:\\temp\\",)


def test_single_quotes_around_cells_hold_their_commas(store: Store) -> None:
    rows = "".join(f"'T{n:03d}','{at:%Y-%m-%d %H:%M}','a, b','Kim'\n" for n, at in enumerate(OPENED))
    report = unassisted(store, "'ticket_id','created_at','subject','agent'\n" + rows)
    assert (report.accepted, report.rejected) == ({"cases": N}, 0)
    assert records(store, "cases", "case_id", "title")[0] == ("T000", "a, b")


FORMS: dict[str, Callable[[datetime], str]] = {
    "a script": lambda at: f"{at:%Y-%m-%d %H:%M:%S},123",
    ".NET": lambda at: f"/Date({at.timestamp():.0f}000)/",
    "Oracle": lambda at: f"{at:%d-%b-%y %I.%M.%S.000000 %p}".upper(),
    "France": lambda at: f"{at:%d/%m/%Y %Hh%M}",
    "Germany": lambda at: f"{at:%d.%m.%Y %H:%M} Uhr",
}


@pytest.mark.parametrize("form", FORMS)
def test_moments_as_scripts_and_databases_write_them(store: Store, form: str) -> None:
    rows = "".join(f"T{n:03d};{FORMS[form](at)}\n" for n, at in enumerate(OPENED))
    report = unassisted(store, "ticket_no;created\n" + rows)
    assert (report.accepted, report.findings) == ({"cases": N}, ())
    assert first(store, "opened_at") == (epoch("2026-03-20T09:00"),)


def test_a_column_that_people_filled_in_seven_ways_is_read_whole(store: Store) -> None:
    ways = (
        "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y%m%d%H%M%S",
        "%Y年%m月%d日%H时%M分", "%Y-%m-%dT%H:%M:%S",
    )  # fmt: skip
    rows = "".join(f"T{n:03d},{at.strftime(ways[n % 7])}\n" for n, at in enumerate(OPENED))
    report = unassisted(store, "工单编号,报修时间\n" + rows)
    assert (report.accepted, report.findings) == ({"cases": N}, ())
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in OPENED]


@pytest.mark.parametrize(("last", "asked"), [("13/04/2026 11:00", False), ("5/4/2026 11:00", True)])
def test_two_dates_of_another_form_among_thousands_are_read_one_way_and_asked_for_where_that_is_a_guess(
    store: Store, last: str, asked: bool
) -> None:
    long = [f"{OPENED[0] + timedelta(hours=n):%Y-%m-%d %H:%M}" for n in range(3000)]
    cells = [*long, "3/4/2026 10:00", last]
    path = put(store, "long.csv", "ticket,created\n" + "".join(f"T{n:04d},{cell}\n" for n, cell in enumerate(cells)))
    text = proposed(store, path)
    assert ("no cell proves which comes first" in text) == asked
    bring(store, path, text)
    assert records(store, "cases", "case_id", "opened_at")[3000][1] == epoch("2026-04-03T10:00")


def test_among_counts_of_seconds_a_written_time_is_still_that_of_the_place(shanghai: Store) -> None:
    there = [f"{at + timedelta(hours=8):%Y-%m-%d %H:%M:%S}" for at in OPENED]
    counted = [int(at.timestamp()) for at in OPENED]
    cells = [counted[n] if n % 4 else there[n] for n in range(N)]
    unassisted(shanghai, "ticket_id,created_at\n" + "".join(f"T{n:03d},{cell}\n" for n, cell in enumerate(cells)))
    assert [at for _, at in records(shanghai, "cases", "case_id", "opened_at")] == counted


def test_a_zone_at_the_end_of_a_name_without_blanks_is_believed(shanghai: Store) -> None:
    rows = "".join(f"T{n:03d},{at:%Y-%m-%d %H:%M}\n" for n, at in enumerate(OPENED))
    unassisted(shanghai, "TicketId,OpenedUtc\n" + rows)
    assert first(shanghai, "opened_at") == (epoch("2026-03-20T09:00"),)


def test_a_clock_of_zeros_beside_no_date_is_no_moment_and_no_fault(store: Store) -> None:
    rows = "".join(
        f"2000{n:04d};{at:%d.%m.%Y};{at:%H:%M:%S};" + (f"{at:%d.%m.%Y};18:30:00\n" if n % 3 else ";00:00:00\n")
        for n, at in enumerate(OPENED)
    )
    report = unassisted(store, "Meldung;Meldungsdatum;Meldungszeit;Abschlußdatum;Abschlußzeit\n" + rows)
    assert not [f for f in report.findings if f.code == "bad_moment"]
    closed = [at for _, at in records(store, "cases", "case_id", "closed_at")]
    assert (closed[0], closed[1]) == (None, epoch("2026-03-20T18:30"))
    assert first(store, "opened_at") == (epoch("2026-03-20T09:00"),)


def test_what_a_service_answers_is_found_in_its_envelope(store: Store) -> None:
    items = [{"id": n, "key": f"SD-{n}", "created": f"{at:%Y-%m-%d %H:%M}"} for n, at in enumerate(OPENED)]
    answer = {"code": 0, "msg": "success", "data": {"total": N, "has_more": False, "items": items}}
    path = put(store, "answer.json", json.dumps(answer))
    report = bring(store, path, proposed(store, path))
    assert report.accepted == {"cases": N}
    assert records(store, "cases", "case_id")[0] == ("SD-0",)


def test_sums_and_comments_that_are_shorter_than_the_table_are_none_to_mend(store: Store) -> None:
    lines = log(["Agent"], [["Kim"]]).splitlines()
    lines[10:10] = ["# checked by hand"]
    text = "\n".join([*lines, "Grand Totals (40 records)", "合计,40", "# end of file", "T099,2026-03-20 09:00"])
    report = unassisted(store, text)
    assert {(f.code, f.treatment) for f in report.findings} == {
        ("note_row", "drop"), ("total_row", "drop"), ("ragged_few", "reject"),
    }  # fmt: skip
    assert (report.accepted, report.rejected) == ({"cases": N}, 1)


@pytest.mark.parametrize("mark", ["[空]", "［空］", "未填写", "#VALUE!", "#DIV/0!", "<null>"])
def test_more_marks_say_that_there_is_nothing(store: Store, mark: str) -> None:
    unassisted(store, log(["Agent", "Product"], [[mark, "A"], ["Kim", mark]]))
    assert records(store, "cases", "case_id", "owner", "product")[:2] == [("T000", None, "A"), ("T001", "Kim", None)]


def test_ratings_in_the_letters_of_taiwan_and_in_faces(store: Store) -> None:
    unassisted(store, log(["滿意度"], [["非常滿意"], ["滿意"], ["不滿意"]]))
    assert [row[1] for row in records(store, "surveys", "case_id", "csat")[:3]] == [5, 4, 2]
    unassisted(store, log(["Rating"], [["😠"], ["🤩"], [""]]), name="faces.csv")
    assert [row[1] for row in records(store, "surveys", "case_id", "csat")[:2]] == [1, 5]


def test_lines_of_one_settlement_are_all_counted(store: Store) -> None:
    """Fifty cases in ten settlements, every fifth case with a line for parts besides."""
    lines = [
        f"JS{n // 5:03d},G{n},{kind},{amount},2026-10-{n % 28 + 1:02d}\n"
        for n in range(50)
        for kind, amount in (("人工费", "80.00"), *((("备件费", "10.50"),) if n % 5 == 0 else ()))
    ]
    header = "结算单号,工单号,费用类型,金额,费用日期\n"
    path = put(store, "结算.csv", header + "".join(lines))
    text = proposed(store, path)
    assert tomllib.loads(text)["costs"]["columns"]["cost_id"]["columns"] == ["结算单号", "工单号", "费用类型"]
    bring(store, path, text)
    late = put(store, "结算_11月.csv", header + "JS900,G0,备件费,7.00,2026-11-02\n")
    assert bring(store, late, text).datasets["costs"].new == 1
    assert sum(amount for _, amount in records(store, "costs", "cost_id", "amount")) == 50 * 8000 + 10 * 1050 + 700


def test_a_list_of_people_is_their_names(store: Store) -> None:
    people = [[{"id": "ou_1", "name": "王芳"}], [{"id": "ou_1", "name": "王芳"}, {"id": "ou_2", "name": "李娜"}], []]
    told = [
        {"工单编号": f"F{n:03d}", "创建时间": f"{at:%Y-%m-%d %H:%M}", "处理人": people[n % 3]}
        for n, at in enumerate(OPENED)
    ]
    items = [{"record_id": f"rec{n}", "fields": fields} for n, fields in enumerate(told)]
    path = put(store, "bitable.json", json.dumps({"code": 0, "data": {"items": items}}, ensure_ascii=False))
    bring(store, path, proposed(store, path))
    assert records(store, "cases", "case_id", "owner")[:3] == [("F000", "王芳"), ("F001", "王芳、李娜"), ("F002", None)]


@pytest.mark.parametrize(
    ("header", "steps"),
    [
        ("Ticketnummer;Geändert am;Status;Bearbeiter", ("Neu", "In Bearbeitung", "Gelöst", "Geschlossen")),
        ("N° ticket;Date de modification;Statut;Technicien", ("Nouveau", "En cours", "Résolu", "Clos")),
        ("Nº de caso;Fecha de modificación;Estado;Técnico", ("Nuevo", "En curso", "Resuelto", "Cerrado")),
        ("受付番号;更新日時;ステータス;担当者", ("新規", "対応中", "完了", "クローズ")),
    ],
)
def test_a_log_of_states_is_known_in_other_languages(store: Store, header: str, steps: tuple[str, ...]) -> None:
    rows = "".join(
        f"T{n:03d};{at + timedelta(hours=hour):%Y-%m-%d %H:%M};{step};{'Kim' if hour else ''}\n"
        for n, at in enumerate(OPENED)
        for hour, step in enumerate(steps)
    )
    unassisted(store, f"{header}\n{rows}")
    assert first(store, "first_response_at", "resolved_at", "closed_at", "owner") == (
        epoch("2026-03-20T10:00"), epoch("2026-03-20T11:00"), epoch("2026-03-20T12:00"), "Kim",
    )  # fmt: skip
