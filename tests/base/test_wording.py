"""How sentences are put together: facts, their own words, hints, and what happens where something is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.base.wording import say, say_error, say_issue
from fuxiao.core.errors import DefinitionError, InputError, Issue, UnknownName
from fuxiao.engine.expression import parse


def test_a_fact_is_put_into_the_sentence() -> None:
    assert say("file.missing", "zh", {"path": "工单.csv"}) == "没有文件 工单.csv。请核对路径。"
    assert say("file.missing", "en", {"path": "a.csv"}) == "There is no file a.csv. Check the path."


def test_a_fact_that_is_missing_stays_visible() -> None:
    assert say("file.missing", "en") == "There is no file {path}. Check the path."


def test_a_code_without_words_is_said_as_it_is_with_its_facts() -> None:
    assert say("no.such", "en", {"a": Decimal("1.50"), "b": None}) == "no.such (a=1.50, b=—)"
    assert say("no.such", "zh") == "no.such"


def test_several_facts_are_listed_the_way_of_the_language() -> None:
    params = {"shape": "", "members": ("a.csv", "b.csv")}
    assert "a.csv、b.csv" in say("archive.which_member", "zh", params)
    assert "a.csv, b.csv" in say("archive.which_member", "en", params)


def test_a_fact_is_said_in_its_own_word_where_the_catalogue_has_one() -> None:
    params = {"event": "leak", "mode": "cap", "evidence": "7"}
    assert say("trace.score.veto", "zh", params) == "一票否决：leak，得分封顶，依据 7"
    assert say("trace.bonus.factor", "en", {"factor": "night"}) == "Factor: night"


def test_a_list_that_a_trace_holds_as_one_text_is_worded_part_by_part() -> None:
    params = {"event": "leak", "missing": "evidence, second_approver"}
    assert say("trace.score.veto_ignored", "zh", params) == "否决未生效：leak，缺少证据、另一位批准人"


def test_the_first_fact_given_stands_where_a_place_names_several() -> None:
    assert say("trace.score.bonus", "en", {"event": "idea"}) == "Bonus points: idea"
    assert say("trace.score.bonus", "en", {"indicator": "CSAT"}) == "Bonus points: CSAT"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (1, "1 row written to a.csv."),
        ("1", "1 row written to a.csv."),
        (0, "0 rows written to a.csv."),
        ("1,200", "1,200 rows written to a.csv."),
    ],
)
def test_a_word_goes_with_its_number(rows: int | str, said: str) -> None:
    assert say("export.written", "en", {"rows": rows, "path": "a.csv"}) == said
    assert say("export.written", "zh", {"rows": rows, "path": "a.csv"}) == f"已导出 {rows} 行到 a.csv。"


def test_a_verb_goes_with_its_number() -> None:
    assert say("notice.desk.adopted", "en", {"cases": 1}) == "1 case was taken over from imported data."
    assert say("notice.desk.adopted", "en", {"cases": 2}) == "2 cases were taken over from imported data."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("100.00"), "100.00"),
        (Decimal(100) / 3, "33.3333"),
        (Decimal("83.000000"), "83"),
        (Decimal("1E+3"), "1000"),
        (None, "—"),
    ],
)
def test_numbers_read_as_written_and_long_ones_are_rounded(value: Decimal | None, shown: str) -> None:
    assert say("number.not_positive", "en", {"got": value}) == f"Must be above 0; it is {shown}."


def test_a_share_is_said_in_per_cent() -> None:
    assert "25%" in say("proposal.seldom_reached", "zh", {"share": Decimal("0.25")})


def test_an_issue_says_where_what_and_what_was_meant() -> None:
    issue = Issue("roles.desk", "key.unknown", {"key": "wieght", "near": ["weight"]})
    assert say_issue(issue, "zh") == "roles.desk: 不认识“wieght”，请改名或删去。是不是想写：weight？"
    assert say_issue(Issue("", "scheme.no_roles"), "zh") == "没有岗位。请在 roles 下至少写一个。"


def test_nothing_is_guessed_where_no_name_is_near() -> None:
    issue = Issue("a", "field.unknown", {"near": ()})
    assert say_issue(issue, "en") == "a: Not a known field; rename or remove it."


def test_an_unknown_name_is_said_with_the_word_for_its_kind() -> None:
    error = UnknownName("scheme", "aplliance", ["appliance", "saas"])
    assert say_error(error, "zh") == ["没有这个考核方案：aplliance。是不是想写：appliance？"]
    assert say_error(error, "en") == ["There is no scheme called aplliance. Did you mean appliance?"]


def test_a_refused_definition_lists_every_issue() -> None:
    issues = [Issue("a", "field.missing"), Issue("b", "number.not_positive", {"got": 0})]
    assert say_error(DefinitionError("plan", issues), "zh") == [
        "奖金方案有 2 处问题，没有执行：",
        "  a: 缺少这一项，请补上。",
        "  b: 要大于 0，现为 0。",
    ]


def test_what_would_not_have_stopped_anything_is_marked_as_a_note() -> None:
    issues = [Issue("a", "field.missing"), Issue("b", "scheme.distribution_on", severity="warning")]
    assert say_error(DefinitionError("scheme", issues), "zh")[2].startswith("  （提示）b: 已启用强制分布")


def test_an_error_names_what_it_found_instead() -> None:
    error = InputError("sheet.unknown", sheet="工单1", near=("工单",), known=("工单", "说明"))
    assert say_error(error, "zh") == ["没有工作表“工单1”。文件里有：工单、说明。是不是想写：工单？"]


def test_an_expression_is_shown_with_a_mark_under_the_place() -> None:
    with pytest.raises(DefinitionError) as refused:
        parse("visits + * 2", where="FTF.numerator")
    lines = say_error(refused.value, "en")
    assert lines[0] == "FTF.numerator cannot be used and nothing was run. Problems: 1"
    assert lines[1].splitlines() == [
        "  FTF.numerator: Expected a value, found “*”. At line 1, column 10.",
        "visits + * 2",
        "         ^",
    ]


def test_a_text_that_would_fill_the_screen_is_cut() -> None:
    [line] = say_error(InputError("file.missing", path="x" * 100_000), "en")
    assert line.startswith("There is no file xxx")
    assert line.endswith("xxx…. Check the path.")
    assert len(line) < 400
    assert len(say_issue(Issue("y" * 100_000, "field.missing"), "en")) < 400
