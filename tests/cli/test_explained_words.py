"""What explain and indicators say: people by name, a side by what it counts, pieces by the kind of work."""

from __future__ import annotations

from command_line import fuxiao
from fuxiao.base.wording import say


def test_a_definition_says_its_codes_in_words_and_keeps_them_for_programs(home):
    told = fuxiao("indicators", "FTF", home=home).out
    assert "AV · the visiting engineer" in told
    assert "first_visit_fixed is not null" in told  # the denominator: what it counts, not just "rows"
    kept = {row["field"]: row["value"] for row in fuxiao("indicators", "FTF", "-f", "json", home=home).data}
    assert (kept["credit"], kept["period"], kept["statistic"]) == ("AV", "resolved", "ratio")


def test_rework_and_rescue_are_told_apart_in_piece_work():
    facts = {"case_type": "install", "work": "rework"}
    assert say("trace.bonus.piece.row", "en", facts) == "install (own rework, unpaid): count × rate × difficulty"
    assert say("trace.bonus.piece.row", "zh", {**facts, "work": "rescue"}).startswith("install（接手他人的返修）：")
