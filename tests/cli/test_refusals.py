"""What is asked for wrongly ends in one line that says what to do, and in an exit code that a script can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import Answer, fuxiao

Ask = Callable[..., Answer]

REFUSED = (
    ("values -i FTX", 2, "There is no indicator called FTX. Did you mean"),
    ("rows FTX", 2, "Did you mean"),
    ("indicators CSTA", 2, "CSAT"),
    ("values -p 2026-13", 2, "Write 2026, 2026-H2, 2026-Q3, 2026-10, 2026-W40 or 2026-10-05"),
    ("values -p hello", 2, "is no period"),
    ("values -p 2026-10 --to 2026-Q4", 2, "is no range of periods"),
    ("values -p 2026-10 --to 2026-09", 2, "2026-10 to 2026-09 is no range of periods"),
    ("values -p 9999-12", 2, "outside the calendar: years go from 1 to 9998"),
    (f"import {__file__} -m /dev/zero", 4, "/dev/zero has more than 4,000,000 signs and is no mapping"),
    ("values --as-of 9999-12-31", 2, "Write it like 2026-10-31"),
    ("rows FTF --limit 99999999999999999999", 2, "less than or equal to"),
    ("serve --hours -1", 2, "greater than or equal to 0"),
    (f"simulate {Path(__file__).parent}", 5, "holds files that were not simulated"),
    ("simulate new --seed -1", 2, "greater than or equal to 0"),
    ("settle --pool department=1 --pool department=2", 2, "The pool department stands on the line twice"),
    ("values --as-of tomorrow", 2, "Write it like 2026-10-31"),
    ("values --clock lunar", 2, "Did you mean calendar"),
    ("values --engine hadoop", 2, "There is duckdb"),
    ("values -p 2026-10 -b categroy", 2, "Did you mean category"),
    ("values -p 2026-10 -i SVL -b numerator", 2, "none called like a figure's own"),
    ("rows FTF -p 2026-10 -b colour", 2, "There is no column called colour"),
    ("rows FTF -p 2026-10 --subject LC99999", 2, "There is no subject called LC99999"),
    ("score --scheme aplliance", 2, "Did you mean appliance"),
    ("score --scheme nothing", 2, "There is appliance, ecommerce, saas"),
    ("score --role nobody", 2, "There is field_engineer"),
    ("score --role 上门工程", 2, "Did you mean 上门工程师"),
    ("settle --role 上门工程", 2, "Did you mean 上门工程师"),
    ("settle --plan nothing", 2, "There is appliance, ecommerce, saas"),
    ("settle --pool x", 2, "Write key=amount"),
    ("settle --pool department=-3", 2, "is no amount"),
    ("settle --pool department=1e9", 2, "is no amount"),
    ("settle --pool department=20_000", 2, "is no amount"),
    ("settle --company much", 2, "is no amount"),
    ("explain", 2, "Give a number or name"),
    ("explain --case nocase", 2, "There is no case nocase"),
    ("targets propose -i FTF --by person", 2, "There is company, team, role"),
    ("export nothing -o x.csv", 2, "There is no dataset called nothing"),
    ("export cases -o x", 4, "end it in one, such as x.csv"),
    ("export cases -o x.abc", 4, "Cannot export to .abc. Usable: .csv"),
    ("import missing.csv", 4, "There is no file missing.csv"),
    ("map missing.csv", 4, "There is no file missing.csv"),
    ("map .", 4, "is a folder or a device"),
    ("seal -p 2026-10", 2, "Give a name with --by"),
    ("seal -p 2026-12 --by Li", 1, "Seal it after that"),
    (
        "verify -p 2026-09",
        2,
        "2026-09 is not sealed, so there is nothing to verify. Sealed: —. To seal it: fuxiao seal",
    ),
    ("values --home nowhere", 5, "make one with fuxiao init"),
    ("pull 工单 --home nowhere", 5, "make one with fuxiao init"),
    ("init new --pack nothing", 2, "There is appliance, ecommerce, saas"),
)


@pytest.mark.parametrize(("words", "code", "said"), REFUSED)
def test_a_wrong_word_is_answered_in_one_line_with_the_mend(ask: Ask, words: str, code: int, said: str) -> None:
    refused = ask(words, code=code)
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1
    assert refused.out == ""


@pytest.mark.parametrize(("words", "code", "said"), REFUSED[::6])
def test_the_same_is_said_in_chinese(ask: Ask, words: str, code: int, said: str) -> None:
    refused = ask(words, lang="zh", code=code)
    assert said not in refused.err
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.err)


@pytest.mark.parametrize(
    "words", ["frobnicate", "values --nonsense", "values --format pdf", "values --lang fr", "rows"]
)
def test_words_that_no_command_knows_are_refused_before_anything_runs(words: str) -> None:
    assert fuxiao(*words.split(), code=2).out == ""


def test_a_role_is_asked_for_by_its_key_or_its_name_in_either_language(home: Path) -> None:
    scored = {
        fuxiao("score", "-p", "2026-10", "-f", "csv", "--role", role, home=home).out
        for role in ("field_engineer", "上门工程师", "field engineer")
    }
    assert len(scored) == 1


def test_a_zone_that_does_not_exist_makes_no_home(tmp_path: Path) -> None:
    refused = fuxiao("init", tmp_path / "new", "--zone", "Mars/Base", code=3)
    assert "zone: The time zone “Mars/Base” is not known" in refused.err
    assert not (tmp_path / "new").exists()


def test_a_scheme_and_a_plan_are_refused_with_every_mistake_at_once(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    scheme = (home / "schemes/appliance.yaml").read_text("utf-8")
    bad.write_text(
        scheme.replace("indicator: ONT, weight: 15", "indicator: OMT, weight: 14", 1).replace("S: 95", "S: x")
    )
    refused = fuxiao("score", "-p", "2026-10", "-s", bad, home=home, code=3)
    assert "Problems: " in refused.err.splitlines()[0]
    assert "roles.field_engineer" in refused.err
    assert "grades" in refused.err
    plan = (home / "plans/appliance.yaml").read_text("utf-8")
    bad.write_text(
        plan.replace("type: piece_rate", "type: piece_rat").replace("weight: score_x_coefficient", "weight: x")
    )
    refused = fuxiao("settle", "-p", "2026-10", "--plan", bad, home=home, code=3)
    assert "piece_rate" in refused.err
    assert "pools.department" in refused.err


def test_an_unreadable_definition_names_its_line(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("scheme: x\nroles: [\n")
    assert ":3:1" in fuxiao("score", "-p", "2026-10", "-s", bad, home=home, code=3).err


@pytest.mark.parametrize(
    ("words", "empty"),
    [
        (("values", "-p", ""), "-p"),
        (("score", "--person="), "--person"),
        (("settle", "--company", " "), "--company"),
        (("values", "-i", ",", "-p", "2026-10"), "-i"),
        (("explain", ""), "An argument"),
    ],
)
def test_what_a_variable_that_is_not_set_leaves_empty_is_not_taken_for_left_out(
    home: Path, words: tuple[str, ...], empty: str
) -> None:
    refused = fuxiao(*words, home=home, code=2)
    assert f"{empty} is empty; give it a value, or leave it out." in refused.err
    assert "是空的，请写一个值" in fuxiao(*words, home=home, lang="zh", code=2).err


def test_a_clock_that_says_no_moment_is_named(home: Path) -> None:
    assert "“tomorrow” in FUXIAO_NOW is no moment" in fuxiao("values", home=home, now="tomorrow", code=4).err


def test_a_decision_that_cannot_be_read_is_not_taken_for_none(home: Path) -> None:
    """A link whose target is gone, as where a drive is not there."""
    for name, ask in (
        ("targets.yaml", "score -p 2026-10"), ("events.yaml", "score -p 2026-10"),
        ("signals.yaml", "signals -p 2026-10"), ("schemes/appliance.yaml", "score -p 2026-10"),
        ("service_levels.yaml", "values -i FRT --as-of 2026-11-01"),
    ):  # fmt: skip
        place = home / name
        kept = place.read_bytes() if place.is_file() else None
        place.unlink(missing_ok=True)
        place.symlink_to("nowhere")
        assert f"{name} could not be read or written" in fuxiao(*ask.split(), home=home, code=4).err, name
        place.unlink()
        if kept is not None:
            place.write_bytes(kept)
