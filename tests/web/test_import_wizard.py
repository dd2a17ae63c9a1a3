"""A file on its way from the browser into the lake."""

from __future__ import annotations

import io
import re

import pytest
from django.conf import settings as ours
from django.utils.translation import override
from openpyxl import load_workbook

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.datasets.models import State, Upload
from fuxiao.engine.schema import DATASETS
from fuxiao.studio.packs import make_home
from fuxiao.web.datasets.stored import value_word
from import_site import CASES, archive, begun, checked, chosen, imported, post, stored, text_of, workbook
from web.conftest import account, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    """A lake of this test alone."""
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")


@pytest.fixture
def english(org):
    return signed_in(account("owner-en", Role.OWNER, language="en"))


@pytest.mark.lake
def test_a_file_comes_in_with_names_people_and_reasons_and_reads_as_figures(owner):
    job = begun(owner)
    page = text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert '<option value="cases.case_id" selected>' in page
    page = checked(owner, job)
    assert "未对应 1" in page
    assert ">E3<" in page
    assert stored("cases", "case_id") == []
    assert post(owner, job, "start", keep="1", save_as="工单").status_code == 302
    assert "已完成" in text_of(owner.get(f"/data/import/{job.pk}/"))
    assert stored("cases", "case_id", "owner", "product") == [
        ("A1", "E3", "冰箱"), ("A2", "E2", "洗衣机"), ("A3", "张三", "冰箱"),
    ]  # fmt: skip
    refused = b"".join(owner.get(f"/data/import/{job.pk}/rejected.csv").streaming_content).decode("utf-8-sig")
    assert refused.splitlines()[1].startswith("A4,明天,,,张伟,洗衣机,'=cmd|' /C calc'!A0,工单.csv,5,受理时间,")
    assert "首次响应" in text_of(owner.get("/values/?period=2026-10"))
    source = text_of(owner.get("/data/"))
    assert ("工单.csv" in source, "25.0%" in source) == (True, True)
    done = AuditEntry.objects.filter(kind="data.import").values_list("action", flat=True)
    assert list(done) == ["data.uploaded", "data.check_asked", "data.import_started", "data.imported"]


@pytest.mark.lake
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_refused_rows_mended_and_sent_again_are_in_once_with_all_their_zeros(owner, form):
    head, good = "工单号,受理时间,责任人,产品\n", "008,2026-10-06 10:00,王芳,冰箱\n009,2026-10-07 10:00,王芳,空调\n"
    first = imported(owner, f"{head}007,明天,张伟,=1+1\n{good}")
    sent = b"".join(owner.get(f"/data/import/{first.pk}/rejected.{form}").streaming_content)
    if form == "csv":
        mended = sent.decode("utf-8-sig").replace("明天", "2026/10/5 9:00").encode("gb18030")
    else:
        book = load_workbook(io.BytesIO(sent))
        assert [cell.value for cell in book.worksheets[0][2]][:4] == ["007", "明天", "张伟", "'=1+1"]
        book.worksheets[0]["B2"] = "2026/10/5 9:00"
        book.save(out := io.BytesIO())
        mended = out.getvalue()
    again = imported(owner, mended, name=f"工单-rejected.{form}")
    assert (again.report["rejected"], again.report["datasets"]["cases"]["new"]) == (0, 1)
    assert stored("cases", "case_id", "product") == [("007", "=1+1"), ("008", "冰箱"), ("009", "空调")]
    assert owner.get(f"/data/import/{first.pk}/rejected.exe").status_code == 404


@pytest.mark.lake
def test_an_undo_takes_the_import_out_and_the_same_file_comes_in_again(owner):
    first = imported(owner)
    assert owner.post(f"/data/loads/{first.load}/undo").status_code == 302
    assert stored("cases", "case_id") == []
    assert "已撤销" in text_of(owner.get("/data/"))
    assert owner.post(f"/data/loads/{first.load}/undo").status_code == 400
    again = imported(owner)
    assert (again.load, again.report["datasets"]["cases"]["new"]) == (2, 3)


def test_a_second_click_on_import_makes_no_second_import(owner):
    job = begun(owner)
    checked(owner, job)
    job.refresh_from_db()
    buttons = {"version": job.version}
    for _ in range(2):
        assert owner.post(f"/data/import/{job.pk}/start", buttons).status_code == 302
    assert AuditEntry.objects.filter(action="data.imported").count() == 1
    assert "data.loads" not in text_of(owner.get(f"/data/import/{job.pk}/"))


def test_the_same_file_sent_twice_is_one_import_and_one_file_on_the_disk(owner):
    first, second = begun(owner), begun(owner)
    assert (first.pk, Upload.objects.count()) == (second.pk, 1)
    assert len(list((ours.HOME / "uploads").iterdir())) == 1


def test_the_same_file_imported_again_says_so_and_stores_nothing(owner):
    first = imported(owner)
    again = imported(owner)
    assert (again.load, again.report["unchanged"]) == (first.load, True)
    assert "没有重复写入" in text_of(owner.get(f"/data/import/{again.pk}/"))


def test_a_people_file_updates_the_organisation(owner, org):
    imported(owner, "工号,姓名,入职日\nE9,欧阳娜,2026-01-05\n", name="人员.csv")
    assert org["people"].get(number="E9").name == "欧阳娜"
    assert org["people"].get(number="E3").name == "张伟"


def test_a_people_file_needs_the_right_to_change_the_organisation(org):
    integrator = signed_in(account("robot", Role.INTEGRATOR))
    job = begun(integrator, "工号,姓名,入职日\nE9,欧阳娜,2026-01-05\n", name="人员.csv")
    checked(integrator, job)
    assert post(integrator, job, "start").status_code == 403
    job.refresh_from_db()
    assert job.state == State.DRAFT
    assert not org["people"].filter(number="E9").exists()


@pytest.mark.lake
def test_the_preview_says_what_is_stored_in_the_readers_words(owner, english):
    log = "工单号,时间,活动,操作人\n" + "".join(
        f"A{n},2026-10-05 09:0{n},受理,张伟\nA{n},2026-10-05 10:0{n},解决,张伟\n" for n in range(5)
    )
    job = begun(owner, log, name="事件.csv")
    checked(owner, job)
    job.refresh_from_db()
    assert "resolved" in job.found["previews"][0]["rows"][1]
    for reader, word in ((owner, "解决"), (english, "Resolved")):
        page = text_of(reader.get(f"/data/import/{job.pk}/check"))
        assert f">{word}</td>" in page
        assert ">resolved</td>" not in page


def test_whatever_is_stored_as_one_of_a_few_codes_has_words_in_both_languages():
    codes = [
        (data.name, each.name, code) for data in DATASETS.values() for each in data.columns for code in each.values
    ]
    with override("zh-hans"):
        assert [place for place in codes if value_word(*place) == place[2] != "12315"] == []
    with override("en"):
        assert [place for place in codes if re.search(r"_|[\u4e00-\u9fff]", value_word(*place))] == []


@pytest.mark.lake
def test_a_column_goes_where_a_person_sends_it(owner):
    job = begun(owner)
    checked(owner, job, 产品="cases.category", 备注="drop")
    job.refresh_from_db()
    assert 'category = "产品"' in job.mapping
    assert [each["columns"] for each in job.found["previews"]] == [
        ["case_id", "category", "opened_at", "first_response_at", "first_responder", "resolved_at", "owner"]
    ]


@pytest.mark.lake
def test_two_columns_for_one_place_are_refused_beside_both_and_the_choice_stays(owner):
    job = begun(owner)
    answer = post(owner, job, "columns", **chosen(job, 产品="cases.owner"))
    assert answer.status_code == 400
    assert text_of(answer).count("两列选了同一个去处") == 2
    job.refresh_from_db()
    assert 'product = "产品"' in job.mapping


@pytest.mark.lake
def test_a_required_column_that_nobody_fills_is_asked_for_by_its_name(owner, english):
    job = begun(owner)
    answer = post(owner, job, "columns", **chosen(job, 工单号="drop"))
    assert (answer.status_code, "还没有哪一列是“工单号”（工单）" in text_of(answer)) == (400, True)
    answer = post(english, job, "columns", **chosen(job, 工单号="drop"))
    assert "No column is the case number yet (cases)." in text_of(answer)


@pytest.mark.lake
def test_dates_that_can_be_read_both_ways_are_read_as_a_person_says(owner):
    job = begun(owner, "工单号,受理时间,责任人\nA1,03/04/2026 09:00,张伟\nA2,04/05/2026 10:00,张伟\n")
    page = text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert ("请核对" in page, 'name="c1-order"' in page) == (True, True)
    job.refresh_from_db()
    first = begun_rows(owner, job)
    post(owner, job, "columns", **chosen(job), **{"c1-order": "turned"})
    job.refresh_from_db()
    assert {*first, *job.found["previews"][0]["rows"][0]} >= {"2026-04-03 09:00:00", "2026-03-04 09:00:00"}


def begun_rows(client, job):
    post(client, job, "columns", **chosen(job))
    job.refresh_from_db()
    return job.found["previews"][0]["rows"][0]


@pytest.mark.lake
def test_a_file_can_feed_one_more_dataset(owner):
    job = begun(owner, "工单号,受理时间,责任人,得分\nA1,2026-10-05 09:00,张伟,5\n")
    assert post(owner, job, "columns", **chosen(job), add="1", dataset="surveys").status_code == 302
    job.refresh_from_db()
    assert "satisfaction" not in text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert '<option value="surveys.csat"' in text_of(owner.get(f"/data/import/{job.pk}/columns"))


@pytest.mark.lake
def test_a_dataset_that_is_added_takes_case_number_person_and_day_from_the_case(owner):
    job = begun(owner, "工单号,受理时间,责任人,打分\nA1,2026-10-05 09:00,张伟,5\nA2,2026-10-06 09:00,王芳,\n")
    post(owner, job, "columns", **chosen(job), add="1", dataset="surveys")
    job.refresh_from_db()
    assert "调查号（必填）" not in text_of(owner.get(f"/data/import/{job.pk}/columns"))
    checked(owner, job, 打分="surveys.csat")
    post(owner, job, "start")
    assert stored("surveys", "case_id", "about_person", "csat") == [("A1", "E3", 5)]


@pytest.mark.lake
def test_somebody_is_counted_once_a_row_whatever_they_are_named_as(owner):
    job = begun(owner, CASES)
    assert '张三 <span class="tiny faint">1 行' in checked(owner, job)


def test_the_text_of_a_mapping_is_taken_or_refused_with_every_issue(owner):
    job = begun(owner)
    job.refresh_from_db()
    wrong = post(owner, job, "text", text=job.mapping + '\n[surveys.columns]\ncsatt = "产品"\n')
    assert (wrong.status_code, "csatt" in text_of(wrong), "csat" in text_of(wrong)) == (400, True, True)
    assert post(owner, job, "text", text="[cases").status_code == 400
    right = job.mapping.replace('product = "产品"', 'category = "产品"')
    assert post(owner, job, "text", text=right).status_code == 302
    job.refresh_from_db()
    assert job.mapping == right


def test_somebody_elses_change_is_not_written_over(owner):
    job = begun(owner)
    job.refresh_from_db()
    old = job.version
    post(owner, job, "text", text=job.mapping.replace('product = "产品"', 'category = "产品"'))
    answer = owner.post(f"/data/import/{job.pk}/text", {"version": old, "text": job.mapping})
    assert answer.status_code == 409
    job.refresh_from_db()
    assert 'category = "产品"' in job.mapping


@pytest.mark.lake
def test_a_sheet_and_a_header_line_are_chosen(owner):
    rows = [
        ["2026 年 10 月"],
        ["制表：客服部"],
        ["工单号", "受理时间", "责任人"],
        *([f"A{n}", f"2026-10-0{n} 09:00", "张伟"] for n in (5, 6)),
    ]
    other = [["编号", "名称", "数量"], ["1", "螺丝", "5"]]
    job = begun(owner, workbook(("说明", [["见第二页"], ["谢谢"]]), ("库存", other), ("工单", rows)), name="十月.xlsx")
    job.refresh_from_db()
    assert (job.look["sheets"], job.look["sheet"], job.look["header"]) == (["说明", "库存", "工单"], "库存", 1)
    assert post(owner, job, "layout", sheet="工单", header="1").status_code == 302
    job.refresh_from_db()
    assert job.look["header"] == 3
    assert post(owner, job, "layout", sheet="工单", header="3").status_code == 302
    job.refresh_from_db()
    assert job.problems == {}
    assert [each["header"] for each in job.look["columns"]] == ["工单号", "受理时间", "责任人"]
    checked(owner, job)
    post(owner, job, "start")
    assert stored("cases", "case_id", "owner") == [("A5", "E3"), ("A6", "E3")]


@pytest.mark.lake
def test_an_archive_with_two_tables_asks_which_one(owner):
    job = begun(owner, archive(people_csv="工号,姓名\nE9,欧阳娜\n", cases_csv=CASES), name="导出.zip")
    page = text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert re.findall(r'name="member" value="([^"]+)"', page) == ["people.csv", "cases.csv"]
    assert post(owner, job, "layout", member="cases.csv").status_code == 302
    checked(owner, job)
    post(owner, job, "start")
    assert [case for (case,) in stored("cases", "case_id")] == ["A1", "A2", "A3"]


@pytest.mark.lake
def test_the_months_of_a_workbook_come_in_together_or_one_by_one(owner):
    months = [
        (f"{m}月", [["工单号", "受理时间", "责任人", "产品"], [f"A{m}", f"2026-0{m}-05 09:00", "张伟", "冰箱"]])
        for m in (7, 8, 9)
    ]
    months[1][1][0][1] = "进厂时刻"
    job = begun(owner, workbook(("封面", [["台账"]]), *months), name="三季度.xlsx")
    page = text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert ("2 个表头相同的表合并读取" in page, '<option value="*" selected>' in page) == (True, True)
    assert "“8月”缺少必需的列“受理时间”" in page
    tried = checked(owner, job)
    assert ("缺少必需列的表" in tried, ">8月<" in tried) == (True, True)
    post(owner, job, "start", keep="1", save_as="台账")
    assert [case for (case,) in stored("cases", "case_id")] == ["A7", "A9"]
    job = begun(owner, workbook(("封面", [["台账"]]), *months), name="三季度改.xlsx")
    assert post(owner, job, "layout", sheet="8月").status_code == 302
    job.refresh_from_db()
    assert [each["header"] for each in job.look["columns"]] == ["工单号", "进厂时刻", "责任人", "产品"]
    assert post(owner, job, "layout", sheet="*", header="1").status_code == 302
    job.refresh_from_db()
    assert (job.look["sheet"], job.look["parts"]) == ("*", [["7月", 1], ["9月", 1]])


@pytest.mark.lake
def test_the_months_in_an_archive_are_read_as_a_kept_mapping_of_one_month_says(owner):
    imported(owner, CASES)
    later = CASES.replace("A", "B").replace("2026-10", "2026-11")
    job = begun(owner, archive(**{"10_csv": CASES, "11_csv": later}), name="工单.zip")
    job.refresh_from_db()
    assert (job.look["saved"], job.look["member"], 'member = "*"' in job.mapping) == ("工单", "*", True)
    assert "11.csv:5" in checked(owner, job)
    post(owner, job, "start")
    assert [case for (case,) in stored("cases", "case_id")] == ["A1", "A2", "A3", "B1", "B2", "B3"]
    assert "按表头" not in text_of(owner.get(f"/data/import/{job.pk}/"))


@pytest.mark.lake
def test_a_kept_mapping_is_applied_to_the_next_file_and_can_be_corrected_and_deleted(owner):
    job = begun(owner)
    checked(owner, job, 产品="cases.category")
    post(owner, job, "start", keep="1", save_as="工单")
    kept = ours.HOME / "mappings" / "工单.toml"
    assert 'category = "产品"' in kept.read_text(encoding="utf-8")
    later = begun(owner, CASES.replace("A1", "B1"), name="工单-11月.csv")
    later.refresh_from_db()
    assert (later.look["saved"], 'category = "产品"' in later.mapping) == ("工单", True)
    before = kept.read_text(encoding="utf-8")
    refused = owner.post("/data/mappings/工单/", {"before": before, "text": "nonsense = 1\n" + before})
    assert (refused.status_code, kept.read_text(encoding="utf-8")) == (400, before)
    assert owner.post("/data/mappings/工单/", {"before": "older", "text": before}).status_code == 409
    better = before.replace("category", "product")
    assert owner.post("/data/mappings/工单/", {"before": before, "text": better}).status_code == 302
    assert kept.read_text(encoding="utf-8") == better
    assert owner.post("/data/mappings/工单/delete").status_code == 302
    assert not kept.exists()


@pytest.mark.parametrize("name", ["../../etc", "a/b", ".hidden", "", "x" * 81])
def test_a_mapping_is_never_kept_under_a_name_that_leaves_its_folder(owner, name):
    job = begun(owner)
    checked(owner, job)
    answer = post(owner, job, "start", keep="1", save_as=name)
    kept = {path.name for path in ours.HOME.rglob("*.toml")}
    assert kept == {"fuxiao.toml"}
    assert answer.status_code == (302 if not name else 400)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sources_page_asks_the_database_as_often_for_three_files_as_for_one(owner, django_assert_num_queries, rows):
    for n in range(rows):
        begun(owner, CASES.replace("A1", f"N{n}"), name=f"{'甲乙丙'[n]}.csv")
    owner.get("/data/")
    with django_assert_num_queries(7):
        owner.get("/data/")


def test_the_empty_page_leads_to_the_first_import(owner, english):
    assert 'href="/data/import/"' in text_of(owner.get("/data/"))
    assert "No data yet" in text_of(english.get("/data/"))
