"""What logs of strangers say of people: how they were rated, who they are, whose case it was."""

from __future__ import annotations

import pytest

from fuxiao.datasets.store import Store
from importing_tools import bring, put, records
from strangers import N, flow, log, proposed, unassisted

# Ratings


def test_every_tenth_rating_wrong_leaves_the_others_counted_and_each_wrong_one_named(store: Store) -> None:
    cells = [[rating] for rating in ["5", "4", "3", "5", "4", "5", "2", "5", "1", "7"]]
    report = unassisted(store, log(["CSAT"], cells))
    assert sorted(rating for (rating,) in records(store, "surveys", "csat") if rating) == sorted(
        [5, 4, 3, 5, 4, 5, 2, 5, 1] * 4
    )
    assert {(f.line, f.column, f.value) for f in report.findings} == {(n + 2, "CSAT", "7") for n in range(9, N, 10)}


@pytest.mark.parametrize("name", ["csat_score", "Custom field (Satisfaction)"])
def test_a_scale_of_ten_is_not_read_as_one_of_five_and_that_is_said(store: Store, name: str) -> None:
    text = proposed(store, put(store, "ten.csv", log([name], [["10"], ["8"], ["9"], ["3"], ["7"]])))
    assert "[surveys" not in text
    assert "CHECK: named like a rating, but its cells do not keep to the scale" in text


def test_who_did_not_rate_answered_no_survey(store: Store) -> None:
    report = unassisted(
        store, log(["满意度", "是否解决"], [["5分", "是"], ["未评价", "是"], ["4分", "否"], ["未评价", "是"]])
    )
    assert report.accepted == {"cases": N, "surveys": N // 2}
    assert {rating for (rating,) in records(store, "surveys", "csat")} == {4, 5}


def test_ratings_in_words_that_hold_their_number(store: Store) -> None:
    cells = [["5 - Very happy with it"], ["4 stars"], ["3/5"], ["非常失望（1分）"]]
    unassisted(store, log(["Survey results"], cells))
    assert [rating for _, rating in records(store, "surveys", "case_id", "csat")[:4]] == [5, 4, 3, 1]


def test_ratings_that_are_drawn(store: Store) -> None:
    unassisted(store, log(["满意度"], [["★★★★★"], ["★★★☆☆"], [""], ["★☆☆☆☆"]]))
    assert [rating for _, rating in records(store, "surveys", "case_id", "csat")[:3]] == [5, 3, 1]


# People


def test_two_spellings_of_a_person_and_two_people_in_one_cell_are_named_to_be_looked_at(store: Store) -> None:
    people = [
        ["Jing.Chen@acme.cn"],
        ["jing.chen@acme.cn"],
        ["王敏（1001）"],
        ["王敏(1001)"],
        ["李建国、赵磊"],
        ["Lee, Ann"],
        ["Lin / Park"],
    ]
    quality = unassisted(store, log(["处理人"], people)).quality
    found = {item.code: item for item in quality.items}
    assert {name for name, _ in found["spellings"].examples} == {name for [name] in people[:4]}
    assert [name for name, _ in found["several_people"].examples] == ["李建国、赵磊", "Lin / Park"]
    assert (found["spellings"].column, found["spellings"].treatment) == ("处理人", "keep")


def test_whoever_only_gives_cases_out_does_not_own_them(store: Store) -> None:
    steps = [("创建", "系统"), ("派单", "调度"), ("响应", "工程师{}"), ("完成", "工程师{}")]
    text = flow(store, steps)
    assert 'actor = {column = "操作人", when = {"环节" = {not = ["派单"]}}}' in text
    assert "CHECK: whoever gives cases out here does no work in them" in text
    bring(store, store.home / "flow.csv", text)
    assert {owner for _, owner in records(store, "cases", "case_id", "owner")} == {"工程师0", "工程师1", "工程师2"}


def test_whoever_is_named_where_a_case_is_given_and_works_in_it_owns_it(store: Store) -> None:
    text = flow(store, [("创建", "系统"), ("派单", "工程师{}"), ("完成", "工程师{}")])
    assert 'actor = "操作人"' in text
