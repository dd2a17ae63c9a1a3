"""The expression language: what is read, and where and how a mistake is shown."""

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuxiao.core.errors import DefinitionError
from fuxiao.engine.expression import build, check, names_in, needed_names, parse
from fuxiao.engine.expression.nodes import Binary, In, IsNull, Literal, Name, Unary
from fuxiao.engine.expression.parse import FUNCTIONS
from fuxiao.engine.fact_tables import CASES, Kind

ROWS = ibis.table(CASES.schema(), name="cases")


def refusal(text):
    with pytest.raises(DefinitionError) as caught:
        check(parse(text, where="FRT.where"), CASES, text, where="FRT.where")
    (issue,) = caught.value.issues
    assert issue.where == "FRT.where"
    return issue


# text, code, column, and something the params must say
MISTAKES = [
    ("", "expression.syntax", 1, {"expected": "value", "found": "end"}),
    ("visits +", "expression.syntax", 9, {"expected": "value", "found": "end"}),
    ("visits visits", "expression.syntax", 8, {"expected": "operator", "found": "visits"}),
    ("(visits", "expression.syntax", 8, {"expected": ")", "found": "end"}),
    ("visits)", "expression.syntax", 7, {"expected": "operator", "found": ")"}),
    ("* 3", "expression.syntax", 1, {"expected": "value", "found": "*"}),
    ("abs(visits", "expression.syntax", 11, {"expected": ")", "found": "end"}),
    ("visits not 3", "expression.syntax", 12, {"expected": "between", "found": "3"}),
    ("visits is 3", "expression.syntax", 11, {"expected": "null", "found": "3"}),
    ("visits is not 3", "expression.syntax", 15, {"expected": "null", "found": "3"}),
    ("visits between 1 or 2", "expression.syntax", 18, {"expected": "and", "found": "or"}),
    ("visits in 1", "expression.syntax", 11, {"expected": "(", "found": "1"}),
    ("visits in (1, 2", "expression.syntax", 16, {"expected": ")", "found": "end"}),
    ("visits in (reopens)", "expression.literal", 12, {"found": "reopens"}),
    ("visits in (null)", "expression.literal", 12, {"found": "null"}),
    ("1 < visits < 3", "expression.chained", 12, {"found": "<"}),
    ("visits between 1 and 2 = true", "expression.chained", 24, {"found": "="}),
    ("visits # 3", "expression.character", 8, {"found": "#"}),
    ("（visits > 3）", "expression.character", 1, {"found": "（", "near": ("(",)}),
    ("channel in ('a'，'b')", "expression.character", 16, {"found": "，", "near": (",",)}),
    ("channel = “web”", "expression.character", 11, {"found": "“", "near": ("'",)}),
    ('channel = "web"', "expression.character", 11, {"near": ("'",)}),
    ("visits ≥ ３", "expression.character", 8, {"near": (">=",)}),
    ("visits > ３", "expression.character", 10, {"near": ("3",)}),
    ("resolved && answered", "expression.character", 10, {"near": ("and",)}),
    ("visits > 3; drop table cases", "expression.character", 11, {"found": ";", "near": ()}),
    ("visits\u200b > 3", "expression.character", 7, {"found": "U+200B", "near": ()}),
    ("difficulty > 95%", "expression.character", 16, {"found": "%", "near": ("0.95",)}),
    ("visits > 1,000,000", "expression.grouped", 10, {"found": "1,000,000", "near": ("1000000",)}),
    ("visits > 1,00", "expression.syntax", 11, {"found": ",", "near": ()}),
    ("opened_at >= '2026-10-01'", "expression.date", 11, {}),
    ("resolved_at between 20261001 and opened_at", "expression.date", 21, {}),
    ("device_number = 'A1'", "expression.name", 1, {"near": ("device_id", "device_gap")}),
    ("xyz > 1", "expression.name", 1, {"near": (), "choices": CASES.names()}),
    ("resolved AND answered", "expression.syntax", 10, {"found": "AND", "near": ("and",)}),
    ("NOT resolved", "expression.syntax", 1, {"found": "NOT", "near": ("not",)}),
    ("visits > (select max(visits) from cases)", "expression.syntax", 18, {"expected": ")", "found": "max"}),
    ("visits > 3 or " * 800 + "resolved", "expression.too_long", 1, {"most": 10_000}),
    ("channel = 'web", "expression.text_not_closed", 11, {"found": "'"}),
    ("resolution < 3 days", "expression.unit", 16, {"found": "days", "known": ("d", "h", "min", "s")}),
    ("resolution < 0.0001 s", "expression.not_whole_seconds", 14, {"found": "0.0001"}),
    ("visits = 1234567890123456", "expression.number_too_long", 10, {"most": 15}),
    ("len(channel) > 3", "expression.function", 1, {"found": "len", "choices": FUNCTIONS}),
    ("count(case_id) > 3", "expression.aggregate", 1, {"found": "count"}),
    ("平均(visits) > 3", "expression.function", 1, {"found": "平均"}),
    ("coalese(visits, 0) > 3", "expression.function", 1, {"near": ("coalesce",)}),
    ("first_respons <= 30 min", "expression.name", 1, {"found": "first_respons", "table": "cases"}),
    ("Visits > 3", "expression.name", 1, {"near": ("visits",)}),
    ("visits = 1 and\n  chanel = 'web'", "expression.name", 3, {"line": 2, "near": ("channel",)}),
    ("优先级 = 'P1'", "expression.name", 1, {"near": ("priority",)}),
    ("not visits", "expression.type", 5, {"expected": (Kind.FLAG,), "found": Kind.INTEGER}),
    ("visits and resolved", "expression.type", 1, {"found": Kind.INTEGER}),
    ("not null", "expression.type", 5, {"found": Kind.NULL}),
    ("resolved or null", "expression.type", 13, {"found": Kind.NULL}),
    ("if(null, 1, 2)", "expression.type", 4, {"found": Kind.NULL}),
    ("max(visits, null)", "expression.type", 13, {"found": Kind.NULL}),
    ("resolved or 'a'", "expression.type", 13, {"found": Kind.TEXT}),
    ("-channel", "expression.type", 2, {"found": Kind.TEXT}),
    ("channel + 1", "expression.operands", 9, {"operator": "+", "left": Kind.TEXT, "right": Kind.INTEGER}),
    ("opened_at + opened_at", "expression.operands", 11, {"operator": "+"}),
    ("cost * cost", "expression.operands", 6, {"operator": "*", "left": Kind.MONEY}),
    ("resolution <= 30", "expression.not_comparable", 12, {"right": Kind.INTEGER, "near": ("30 h",)}),
    ("cost > 5", "expression.not_comparable", 6, {"left": Kind.MONEY}),
    ("channel = 1", "expression.not_comparable", 9, {"left": Kind.TEXT, "near": ("'1'",)}),
    ("channel in ('a', 1)", "expression.not_comparable", 18, {"right": Kind.INTEGER}),
    ("visits = null", "expression.null_compared", 8, {}),
    ("visits between null and 3", "expression.null_compared", 16, {}),
    ("resolved < true", "expression.type", 1, {"found": Kind.FLAG}),
    ("if(visits, 1, 2)", "expression.type", 4, {"expected": (Kind.FLAG,)}),
    ("if(resolved, 1, 'a')", "expression.mixed", 1, {"found": (Kind.INTEGER, Kind.TEXT)}),
    ("if(resolved, 1)", "expression.arguments", 1, {"takes": "3", "found": 2}),
    ("coalesce(visits, 'a')", "expression.mixed", 1, {}),
    ("max(resolved, visits)", "expression.type", 5, {"found": Kind.FLAG}),
    ("abs(channel)", "expression.type", 5, {"found": Kind.TEXT}),
    ("round(difficulty, 7)", "expression.digits", 19, {"most": 6}),
    ("round(difficulty, visits)", "expression.digits", 19, {"most": 6}),
    ("starts_with(visits, 'a')", "expression.type", 13, {"expected": (Kind.TEXT,)}),
    ("starts_with(channel, region)", "expression.literal", 22, {"expected": Kind.TEXT}),
    ("1" + "+1" * 40, "expression.too_deep", 1, {"most": 40, "depth": 41}),
    ("(" * 41 + "1", "expression.too_deep", 41, {"most": 40}),
]


@pytest.mark.parametrize(("text", "code", "column", "says"), MISTAKES, ids=[m[0][:40] or "empty" for m in MISTAKES])
def test_a_mistake_is_shown_at_its_place_with_what_was_expected(text, code, column, says):
    issue = refusal(text)
    assert (issue.code, issue.params["column"]) == (code, column)
    assert {key: issue.params[key] for key in says} == says


# text, and each mistake with its column: what is wrong further in says nothing about what is around it
TOGETHER = [
    ("chanel = 'web' and visits = 'a' or not cost", "name 1, not_comparable 27, type 40"),
    ("visits and channel", "type 1, type 12"),
    ("visits and (channel = 1 or -region)", "type 1, not_comparable 21, type 29"),
    ("(channel + 1) * 2 > 3 and visits = null", "operands 10, null_compared 34"),
    ("abs(channel) + abs(region)", "type 5, type 20"),
    ("channel between 1 and 2", "not_comparable 17, not_comparable 23"),
    ("chanel between 1 and 'a'", "name 1"),
    ("resolved between true and false", "type 1"),
    ("channel in ('a', 1, 2)", "not_comparable 18, not_comparable 21"),
    ("chanel in (1, 2)", "name 1"),
    ("max(resolved, true, 1)", "type 5, type 15"),
    ("if(visits, chanel, 1)", "type 4, name 12"),
    ("if(x1, 1, 'a') > 3", "mixed 1"),
    ("if(chanel, nobody)", "arguments 1, name 4, name 12"),
    ("round(chanel, 7) = 'a'", "name 7, digits 15, not_comparable 18"),
    ("starts_with(visits, chanel) and chanel is null", "type 13, name 21, name 33"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mistakes"), TOGETHER, ids=[t[0] for t in TOGETHER])
def test_all_mistakes_of_an_expression_are_said_at_once_and_none_that_only_follows(text, mistakes):
    with pytest.raises(DefinitionError) as caught:
        check(parse(text), CASES, text)
    found = [f"{each.code.removeprefix('expression.')} {each.params['column']}" for each in caught.value.issues]
    assert ", ".join(found) == mistakes


def test_the_line_is_shown_with_a_caret_under_the_place():
    assert refusal("visits > 1 and\nchanel = 'web'").params["shown"] == "chanel = 'web'\n^"
    assert refusal("visits # 3").params["shown"] == "visits # 3\n       ^"


def test_of_a_long_line_only_the_part_around_the_place_is_shown():
    shown = refusal(f"visits = 1 or {'visits = 1 or ' * 20} chanel = 'web'").params["shown"]
    line, caret = shown.split("\n")
    assert len(line) <= 80
    assert line[len(caret) - 1 :].startswith("chanel")


def test_more_than_ten_thousand_characters_are_refused():
    assert refusal(" " * 10_001).params["most"] == 10_000


def test_a_name_close_to_a_column_is_proposed():
    assert refusal("first_respons <= 30 min").params["near"][0] == "first_response"


READ = [
    ("1 + 2 * 3", Kind.INTEGER, "1 + 2 * 3"),
    ("visits == 1", Kind.FLAG, "visits = 1"),
    ("visits <> 1", Kind.FLAG, "visits != 1"),
    ("not visits = 1", Kind.FLAG, "not (visits = 1)"),
    ("visits not in (1, 2)", Kind.FLAG, "not (visits in (1, 2))"),
    ("visits not between 1 and 2", Kind.FLAG, "not (visits between 1 and 2)"),
    ("visits is not null", Kind.FLAG, "not (visits is null)"),
    ("resolved and closed or escalated", Kind.FLAG, "(resolved and closed) or escalated"),
    ("1 - 2 - 3", Kind.INTEGER, "(1 - 2) - 3"),
    ("-visits + 1", Kind.INTEGER, "(-visits) + 1"),
    ("30 d", Kind.DURATION, "720 h"),
    ("1.5 h", Kind.DURATION, "90min"),
    ("2 h + 30 min", Kind.DURATION, "2 h + 1800 s"),
]


@pytest.mark.parametrize(("text", "kind", "same"), READ, ids=[r[0] for r in READ])
def test_an_expression_is_read_with_the_usual_order_of_operations(text, kind, same):
    assert parse(text) == parse(same)
    assert check(parse(text), CASES, text) is kind


def test_the_tree_says_what_was_written():
    assert parse("channel = 'it''s' and x1") == Binary(
        "and", Binary("=", Name("channel"), Literal("it's", Kind.TEXT)), Name("x1")
    )
    assert parse("not x1 is null") == Unary("not", IsNull(Name("x1")))
    assert parse("visits in (1)") == In(Name("visits"), (Literal(1, Kind.INTEGER),))
    assert parse("null") == Literal(None, Kind.NULL)
    assert parse("true") == Literal(True, Kind.FLAG)


TYPED = [
    ("closed_at - opened_at", Kind.DURATION), ("opened_at + 2 h", Kind.MOMENT), ("opened_day - due_day", Kind.INTEGER),
    ("opened_day + 7", Kind.DAY), ("resolution * 2", Kind.DURATION), ("resolution * 1.5", Kind.NUMBER),
    ("resolution / first_response", Kind.NUMBER), ("resolution / 60", Kind.NUMBER), ("cost + cost", Kind.MONEY),
    ("cost / visits", Kind.NUMBER), ("visits / 2", Kind.NUMBER), ("difficulty - 1", Kind.NUMBER),
    ("coalesce(visits, null)", Kind.INTEGER), ("coalesce(null, null)", Kind.NULL), ("if(x1, 1, 1.5)", Kind.NUMBER),
    ("coalesce(cost, 0)", Kind.MONEY), ("if(x1, 0, 0)", Kind.INTEGER), ("max(resolution, 0)", Kind.DURATION),
    ("resolution_business > 0", Kind.FLAG), ("cost >= 0", Kind.FLAG), ("min(visits, 2.5)", Kind.NUMBER),
    ("round(difficulty)", Kind.INTEGER), ("round(difficulty, 2)", Kind.NUMBER), ("abs(-resolution)", Kind.DURATION),
    ("starts_with(region, '华')", Kind.FLAG), ("difficulty between 1 and 2.5", Kind.FLAG),
    ("channel in ('a', 'b')", Kind.FLAG), ("if(x1, 'a', 'b') = channel", Kind.FLAG), ("coalesce(x1, 0)", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), TYPED, ids=[t[0] for t in TYPED])
def test_the_type_follows_from_the_columns(text, kind):
    if kind is None:
        assert refusal(text).code == "expression.mixed"
    else:
        assert check(parse(text), CASES, text) is kind


def test_a_dimension_of_a_file_is_a_text_column():
    table = CASES.with_dimensions(["shop"])
    assert check(parse("shop = 'A'"), table, "shop = 'A'") is Kind.FLAG


def test_the_clock_chooses_the_column_of_a_duration():
    node = parse("first_response")
    assert build(node, CASES, ROWS).get_name() == "first_response_business"
    assert build(node, CASES, ROWS, clock="calendar").get_name() == "first_response_calendar"


def test_a_wanted_type_is_named_when_another_comes_out():
    with pytest.raises(DefinitionError) as caught:
        check(parse("visits"), CASES, "visits", want=(Kind.FLAG,))
    assert caught.value.issues[0].params["expected"] == (Kind.FLAG,)


def test_columns_only_asked_whether_they_are_known_are_not_needed():
    node = parse("reopen_gap is null or reopen_gap > 14 d and visits > coalesce(holders, 0)")
    assert names_in(node) == {"reopen_gap", "visits", "holders"}
    assert needed_names(node) == {"visits"}


ROW = {
    "visits": 3, "reopens": None, "difficulty": 2, "channel": "web", "region": "华东", "resolved": True, "cost": 1250,
    "resolution_business": 7_200, "opened_at": 1_000, "closed_at": 4_600, "x1": False,
}  # fmt: skip

RESULTS = [
    ("1 + 2 * 3 - -4", 11), ("visits / 2", 1.5), ("visits / 0", None), ("visits / reopens", None),
    ("min(visits, 2, 5)", 2), ("max(visits, 2)", 3), ("max(visits, reopens)", None), ("abs(visits - 5)", 2),
    ("coalesce(reopens, 7)", 7), ("if(resolved, 'yes', 'no')", "yes"), ("if(reopens > 1, 1, 0)", 0),
    ("round(visits / 2)", 2), ("round(2.345 * visits, 2) = 7.04", True), ("starts_with(region, '华')", True),
    ("channel in ('app', 'web')", True), ("visits between 3 and 3", True), ("not (visits != 3)", True),
    ("visits < 3 or visits <= 3 and visits >= 3 and not visits > 3", True), ("reopens is null", True),
    ("closed_at - opened_at = 1 h", True), ("resolution = 2 h", True), ("cost - cost", 0),
    ("difficulty * difficulty * difficulty = 8", True), ("coalesce(reopens, null) is null", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RESULTS, ids=[r[0] for r in RESULTS])
def test_an_expression_computes_what_it_says(text, expected):
    from hand_facts import HandStore

    store = HandStore(cases=[ROW])
    node = parse(text)
    check(node, CASES, text)
    rows = store.facts("cases")
    (row,) = store.execute(rows.select(value=build(node, CASES, rows))).to_pylist()
    assert row["value"] == expected


WORDS = [
    "visits", "channel", "resolved", "resolution", "cost", "and", "or", "not", "in", "is", "null", "between", "(", ")",
    ",", "+", "-", "*", "/", "<", "=", "1", "2.5", "30 d", "'a'", "if", "coalesce", "round", "min", "true",
]  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
@settings(max_examples=400)
def test_any_text_is_an_expression_or_a_definition_error(text):
    try:
        node = parse(text)
        check(node, CASES, text)
    except DefinitionError:
        return
    assert build(node, CASES, ROWS) is not None
