"""Every code that the product says has its words in Chinese and English, and every word is said by something."""

from __future__ import annotations

import re
from importlib import resources

import pytest
import yaml

from fuxiao.base.wording import LANGUAGES, catalogue
from fuxiao.engine.expression.parse import FUNCTIONS
from said_words import ADDED, CHINESE, ROOT, all_dynamic, codes_as_said, places, said


def test_no_code_stands_in_two_files() -> None:
    folder = resources.files("fuxiao.base").joinpath("words")
    keys = [key for file in folder.iterdir() for key in keys_of(file.read_text(encoding="utf-8"))]
    assert sorted(keys) == sorted(catalogue())


def keys_of(text: str) -> list[str]:
    node = yaml.compose(text)
    return [key.value for key, _ in node.value] if node is not None else []


def test_every_code_that_is_said_has_words() -> None:
    words = catalogue()
    silent = [
        f"{code} ({places[0].where})"
        for code, places in said().codes.items()
        if not {code, f"trace.{code}", f"values.unanswered.{code}"} & set(words)
    ]
    assert silent == []


def test_every_trace_has_words() -> None:
    silent = [f"{code} ({at[0].where})" for code, at in said().traces.items() if f"trace.{code}" not in catalogue()]
    assert silent == []


def test_every_code_put_together_while_running_has_words() -> None:
    assert sorted(all_dynamic() - set(catalogue())) == []


def test_no_words_are_left_that_nothing_says() -> None:
    used = set(said().codes) | {f"trace.{code}" for code in said().traces} | all_dynamic()
    used |= {f"trace.{code}" for code in said().codes}
    used |= {"did_you_mean", "choices", "expression.at", "standing.small_sample.mark"}
    assert sorted(set(catalogue()) - used) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_speaks_both_languages(lang: str) -> None:
    assert [code for code, entry in catalogue().items() if set(entry) != set(LANGUAGES)] == []
    empty = [code for code, entry in catalogue().items() if not entry[lang].strip() and not code.startswith("unit.")]
    assert empty == []


def test_chinese_words_are_chinese_and_english_ones_are_not() -> None:
    bare = {code for code, entry in catalogue().items() if not CHINESE.search(entry["zh"])}
    only_facts = {"trace.fairness.class", "values.missing_group"}
    assert sorted(code for code in bare - only_facts if not code.startswith("unit.")) == []
    assert [code for code, entry in catalogue().items() if CHINESE.search(entry["en"])] == []


def test_chinese_sentences_use_chinese_punctuation() -> None:
    half = re.compile(r"[\u4e00-\u9fff]([,;!?]|:(?! 值))|[,;!?][\u4e00-\u9fff]")
    assert [code for code, entry in catalogue().items() if half.search(entry["zh"])] == []


def test_both_languages_tell_the_same_facts() -> None:
    uneven = [code for code, entry in catalogue().items() if set(places(entry["zh"])) != set(places(entry["en"]))]
    assert uneven == []


def test_a_number_in_english_brings_its_word_in_both_forms() -> None:
    """In the words of the catalogue and of reports, and in the sentences that pages and reports write beside their
    Chinese, in code and in templates."""
    nouns = "rows|cases|people|figures|files|days|months|minutes|results|cells|points|records|codes"
    plural = re.compile(
        rf"\{{\w+\}} (more )?({nouns})\b(?!/)|\{{(rows|cases|people|count|n)\}} (?!is|was|has)[a-z]+s\b"
    )
    reports = yaml.safe_load((ROOT / "report/words/en.yaml").read_text(encoding="utf-8"))
    entries = {**{code: entry["en"] for code, entry in catalogue().items()}, **reports}
    assert [code for code, text in entries.items() if plural.search(text)] == []
    asides = {
        "*.py": r"""\b(?:t|later)\(\s*"[^"]*",\s*("[^"]*)\"""",
        "*.html": r"""\{% t (?:"[^"]*"|'[^']*') ("[^"]*|'[^']*)""",
    }
    found = [
        f"{path.name}: {text}"
        for folder in ("web", "report")
        for files, aside in asides.items()
        for path in (ROOT / folder).rglob(files)
        for text in re.findall(aside, path.read_text(encoding="utf-8"))
        if plural.search(text)
    ]
    assert sorted(found) == []


def test_every_family_that_a_place_names_exists() -> None:
    families = {code.partition(".")[0] for code in catalogue()} | {"%"}
    used = {
        family
        for entry in catalogue().values()
        for _, spec in places(entry["zh"])
        for family in (spec.split("|") if spec else ())
    }
    assert sorted(used - families) == []


def test_every_fact_of_a_sentence_is_given_where_it_is_said() -> None:
    missing = [
        f"{code}: {name} ({place.where})"
        for code, at in codes_as_said().items()
        for name, _ in places(catalogue()[code]["zh"])
        for place in at
        if not set(name.split("|")) & (place.names | ADDED | spread(code))
    ]
    assert missing == []


def spread(code: str) -> set[str]:
    """Facts that come from a table built elsewhere."""
    hindrance = (
        {"ends", "cut_off", "window", "reviews", "appeals", "pools", "undecided"}
        if code.startswith("cycle.")
        else set()
    )
    return hindrance | {
        # Said where they are raised.
        **{code: {"state", "verb", "possible"} for code in ("life.not_now", "life.on_visit", "life.over")},
        "rows.sums": {"numerator", "denominator", "total", "shown"},
        "rows.sum": {"total", "shown"},
        "rows.percentile": {"total", "shown", "scale", "unit"},
        "rows.scale": {"scale", "unit"},
        "definition.not_a_list": {"value"},  # compared with, not said, in one place
        "definition.not_a_table": {"value"},
        "header.nothing": {"first"},  # compared with as well
        "import.no_mapping": {"file"},
        "audit.not_a_head": {"value"},
        "map.exists": {"path"},
        "trace.ladder.balance": {"recent", "needed"},
    }.get(code, set())


def test_functions_of_expressions_are_not_words() -> None:
    """Functions, units and names stay as one writes them; only kinds of values are put in words."""
    assert [name for name in FUNCTIONS if f"type.{name}" in catalogue()] == []
