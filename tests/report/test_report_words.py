"""The words of the report: the same keys in both languages, all used, none missing, the same facts in both."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from fuxiao.core.errors import UnknownName
from fuxiao.report.wording import Words, catalogue

CORE = Path(__file__).parents[2] / "src" / "fuxiao" / "core"
REPORT = Path(__file__).parents[2] / "src" / "fuxiao" / "report"
CALLED = re.compile(r"""(?:\bw|words|_words)\(\s*f?["']([a-z_]+[a-z_.0-9]*?)(\{|["'])""")
BY_CODE = re.compile(r"""or_(?:key|nothing|code)\(["']([a-z_.]+)["']""")
QUOTED = re.compile(r"""["']([a-z_]+(?:\.[a-z_0-9]+)+)["']""")


def sources() -> str:
    files = [*REPORT.rglob("*.py"), *REPORT.rglob("*.html")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert list(catalogue("zh")) == list(catalogue("en"))


def test_a_sentence_names_the_same_facts_in_both_languages():
    zh, en = catalogue("zh"), catalogue("en")
    differing = {key for key in zh if places(zh[key]) != places(en[key])}
    # A quarter is named by a Chinese numeral in one language and a digit in the other.
    assert differing == {"period.quarter"}


def test_every_key_that_code_or_template_asks_for_is_there():
    known = catalogue("zh")
    for key, end in CALLED.findall(sources()):
        if end == "{":
            assert any(name.startswith(key) for name in known), key
        else:
            assert key in known, key


def test_no_word_is_left_that_nobody_asks_for():
    text = sources()
    whole = {key for key, end in CALLED.findall(text) if end != "{"} | set(QUOTED.findall(text)) | {"comma", "product"}
    begun = {key for key, end in CALLED.findall(text) if end == "{"} | {f"{key}." for key in BY_CODE.findall(text)}
    unused = [key for key in catalogue("zh") if key not in whole and not any(key.startswith(b) for b in begun)]
    assert unused == []


def test_every_step_of_a_bonus_that_core_can_write_has_words():
    codes = set()
    for file in (CORE / "bonus").glob("*.py"):
        codes |= set(re.findall(r'"(bonus\.[a-z_.]+)"', file.read_text(encoding="utf-8")))
    spoken = {key.removeprefix("trace.") for key in catalogue("zh") if key.startswith("trace.")}
    errors = {c for c in codes if re.search(rf'CalculationError\(\s*"{re.escape(c)}"', all_text(CORE / "bonus"))}
    unpaid = {"bonus.total", "bonus.daily_rate", "bonus.damage"}  # the total itself, and figures no payslip line has
    assert codes - errors - unpaid <= spoken


def all_text(folder: Path) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))


def test_every_step_from_the_items_to_the_score_has_words():
    text = (CORE / "score" / "explain.py").read_text(encoding="utf-8") + all_text(CORE / "score")
    codes = set(re.findall(r'"(score\.(?:team|team_missing|points|cap|veto|veto_ignored|bonus|deduction))"', text))
    assert {f"sum.{code}" for code in codes} <= set(catalogue("zh"))
    assert len(codes) == 8


def test_a_language_nobody_wrote_is_refused():
    with pytest.raises(UnknownName):
        Words("fr")


def test_a_code_without_words_stays_visible():
    words = Words("zh")
    assert words.or_code("trace", "bonus.new_thing") == "bonus.new_thing"
    assert words.or_key("event", "own_event") == "own_event"
    assert words.or_nothing("grade", "A+") == ""
