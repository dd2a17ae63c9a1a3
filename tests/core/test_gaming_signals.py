"""Gaming signals: what raises one, what does not, and that honest people are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fuxiao.core.errors import CalculationError, DefinitionError, UnknownName
from fuxiao.core.gaming import asking, choosing, closing, registry, screen, spending
from fuxiao.core.gaming.signal import ShareLimits, Signal, over, share


def picker(name: str, easy: int) -> Signal:
    return choosing.cherry_picking(name, easy_picked=easy, picked=50, easy_offered=120, offered=200)


def test_of_sixty_people_the_one_who_picks_easy_cases_is_found_and_nobody_else() -> None:
    random = np.random.default_rng(11)
    honest = [picker(f"p{at:02}", int(random.binomial(50, 0.6))) for at in range(59)]
    found = screen.for_review(screen.screen([*honest, picker("cherry", 47)]))
    assert [signal.subject for signal in found] == ["cherry"]


def test_of_six_thousand_honest_people_in_a_hundred_departments_one_or_two_are_flagged_at_most() -> None:
    random = np.random.default_rng(12)
    raised = 0
    for _ in range(100):
        people = [
            closing.mass_closing(f"p{at}", closed=120, closed_late=int(random.binomial(120, 2 / 22)))
            for at in range(60)
        ]
        raised += len(screen.for_review(screen.screen(people)))
    assert raised <= 2


def test_what_chance_explains_among_many_people_is_no_longer_raised() -> None:
    lone = closing.deadline_bunching("one", last_stretch=18, stretch_before=6)
    crowd = [closing.deadline_bunching(f"p{at}", last_stretch=12, stretch_before=12) for at in range(30)]
    assert lone.raised
    screened = screen.screen([lone, *crowd])[0]
    assert not screened.raised
    assert screened.adjusted_p == pytest.approx(31 * 0.011328, abs=1e-4)
    assert screened.p == lone.p


def test_screening_one_code_does_not_count_the_comparisons_of_another() -> None:
    alone = screen.screen([closing.deadline_bunching("a", last_stretch=18, stretch_before=6)])
    mixed = screen.screen([*alone, *[closing.back_dating(f"p{at}", recorded_late=1, events=100) for at in range(50)]])
    assert mixed[0].adjusted_p == alone[0].adjusted_p


def test_a_signal_by_rule_passes_the_screen_as_it_is() -> None:
    burst = asking.rating_bursts("a", largest_source=5, quick=0, five_stars=9)
    assert screen.screen([burst]) == (burst,)


def test_reviews_come_strongest_first_then_by_code_and_name() -> None:
    weak = asking.rating_bursts("a", largest_source=3, quick=0, five_stars=9)
    twin = replace(weak, subject="b")
    strong = asking.rating_bursts("z", largest_source=9, quick=0, five_stars=9)
    quiet = asking.rating_bursts("q", largest_source=1, quick=0, five_stars=9)
    assert [signal.subject for signal in screen.for_review([twin, quiet, weak, strong])] == ["z", "a", "b"]


def test_too_few_cases_raise_nothing() -> None:
    assert not closing.close_and_reopen("a", closed=19, reopened=0, new_same_device=10).raised
    assert not asking.hollow_first_reply("a", template_replies=19, replies=19).raised
    assert not choosing.cherry_picking("a", easy_picked=19, picked=19, easy_offered=20, offered=200).raised


def test_a_usual_share_among_peers_moves_the_chance_and_not_the_threshold() -> None:
    strict = closing.close_and_reopen("a", closed=80, reopened=2, new_same_device=9, usual=0.01)
    lenient = closing.close_and_reopen("a", closed=80, reopened=2, new_same_device=9, usual=0.10)
    assert strict.p < 1e-6
    assert lenient.p > 0.3
    assert strict.raised
    assert lenient.raised
    peers = closing.back_dating("a", recorded_late=12, events=100, usual=0.02)
    assert peers.evidence["usual"] == 0.02
    assert peers.p < 1e-6


def test_nothing_offered_or_done_is_no_signal() -> None:
    empty = choosing.cherry_picking("a", easy_picked=0, picked=0, easy_offered=0, offered=0)
    assert (empty.ratio, empty.p, empty.raised) == (1.0, 1.0, False)
    assert spending.order_splitting("a", split_days=0, days=0).strength == 0.0


def test_an_odds_ratio_over_nothing_is_infinite() -> None:
    only_easy = choosing.cherry_picking("a", easy_picked=30, picked=30, easy_offered=10, offered=100)
    assert only_easy.ratio == float("inf")
    assert only_easy.raised
    assert over(1.0, 0) == float("inf")
    assert over(0.0, 0) == 0.0


def test_a_signal_explains_itself() -> None:
    trace = closing.close_and_reopen("王芳", closed=80, reopened=2, new_same_device=9).trace
    assert trace.code == "gaming.G2"
    assert trace.params["subject"] == "王芳"
    assert str(trace.params["real"]) == "0.1375"
    assert str(trace.params["threshold_gap_above"]) == "0.05"
    assert trace.params["adjusted_p"] is None


def test_answer_bounds_explain_themselves() -> None:
    trace = asking.non_response_bounds(satisfied=57, answered=60, delivered=200).trace
    assert {name: str(value) for name, value in trace.params.items()} == {"low": "0.285", "high": "0.985"}


def test_each_of_the_thirteen_kinds_has_words_in_both_languages_and_a_detector() -> None:
    assert [kind.code for kind in registry.KINDS] == [f"G{number}" for number in range(1, 14)]
    for kind in registry.KINDS:
        assert kind.detectors
        for words in (kind.name, kind.meaning, kind.cure):
            assert words.of("zh") != words.of("en")
            assert words.of("zh").isascii() is False


def test_a_kind_is_found_by_its_code_and_an_unknown_one_names_its_neighbours() -> None:
    assert registry.kind("G1").name.of("en") == "Cherry picking"
    with pytest.raises(UnknownName) as unknown:
        registry.kind("G14")
    assert "G1" in unknown.value.near


def test_a_department_sets_its_own_thresholds() -> None:
    limits = registry.limits_from({"back_dating": {"share_above": 0.30, "hours": 8}})
    assert set(limits) == set(registry.DETECTORS)
    assert limits["back_dating"] == closing.BackDatingLimits(share_above=0.30, hours=8)
    assert limits["ping_pong"] == ShareLimits(share_above=0.10)
    signal = registry.DETECTORS["back_dating"].find("a", recorded_late=20, events=100, limits=limits["back_dating"])
    assert not signal.raised


def test_wrong_thresholds_are_refused_as_a_whole_list() -> None:
    with pytest.raises(DefinitionError) as refused:
        registry.limits_from({"back_datng": {}, "ping_pong": {"share": 0.1, "share_above": -1}})
    assert [(issue.where, issue.code) for issue in refused.value.issues] == [
        ("signals.back_datng", "signal.unknown"),
        ("signals.ping_pong.share", "signal.unknown_threshold"),
        ("signals.ping_pong.share_above", "signal.threshold_negative"),
    ]
    assert refused.value.issues[0].params["near"] == ["back_dating"]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("gaming.part_outside_whole", lambda: share(3, 2)),
        ("gaming.no_spread_offered", lambda: difficulty(sd=0.0)),
        ("gaming.late_days_outside", lambda: closing.mass_closing("a", closed=9, closed_late=1, late_days=22)),
        ("gaming.part_outside_whole", lambda: asking.non_response_bounds(satisfied=1, answered=3, delivered=2)),
        ("gaming.nothing_expected", lambda: spending.part_padding("a", parts=3, expected=0, repairs=30)),
    ],
)
def test_evidence_that_makes_no_sense_is_refused(code: str, call) -> None:
    with pytest.raises(CalculationError) as refused:
        call()
    assert refused.value.code == code


def difficulty(*, sd: float) -> Signal:
    return choosing.picking_by_difficulty("a", mean_picked=1.4, mean_offered=2.0, sd_offered=sd, picked=50)
