"""A home's own indicators stand beside the built-in ones, under the same rules."""

import pytest

from fuxiao.core.errors import DefinitionError
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.metrics.library import FILES, built_in, read_library

OWN = """
code: OWN
name: {zh: 夜班受理量, en: Night cases}
plain: {zh: 夜间受理的工单。, en: Cases opened at night.}
unit: count
direction: range
minimum: 1
kind: volume
dataset: cases
period: opened
credit: AU
measure: 1
statistic: count
"""


def written(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder):
    with pytest.raises(DefinitionError) as caught:
        read_library(folder)
    return [(issue.where, issue.code) for issue in caught.value.issues]


def test_the_built_in_library_has_no_issue():
    library = built_in()
    assert len(library) == sum(len(section.indicators) for section in library.sections)
    assert [section.code for section in library.sections] == list(FILES)
    assert {each.section for each in library} == set(FILES)


def test_a_folder_that_is_not_there_adds_nothing(tmp_path):
    assert set(read_library(tmp_path / "indicators").indicators) == set(built_in().indicators)


def test_one_indicator_a_file_or_a_list_of_them(tmp_path):
    listed = "section: {code: ours, name: {zh: 自有, en: Ours}}\nindicators:\n-" + OWN.replace("\n", "\n  ").replace(
        "OWN", "OWN2"
    )
    library = read_library(written(tmp_path, one=OWN, two=listed))
    assert (library.get("OWN").section, library.get("OWN2").section) == ("one", "ours")
    assert [each.code for each in library.select(["OWN2", "own", "OWN"])] == ["OWN2", "OWN"]


def test_an_own_definition_replaces_the_built_in_one_of_its_code(tmp_path):
    library = read_library(written(tmp_path, one=OWN.replace("code: OWN", "code: VOL")))
    assert library.get("VOL").name["zh"] == "夜班受理量"
    assert len(library) == len(built_in())
    assert sum(each.code == "VOL" for section in library.sections for each in section.indicators) == 1


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        (OWN.replace("opened", "open"), "one.yaml: OWN.period", "field.choice"),
        ("a: [", "one.yaml:2:1", "yaml.unreadable"),
        ("- 1", "one.yaml", "indicator.none"),
        ("indicators: 3", "one.yaml", "indicator.none"),
        ("indicators: [3]", "one.yaml: 0", "field.not_a_table"),
        (OWN + "counter: [FRTT]", "OWN.counter", "indicator.unknown_counter"),
        ("indicators:\n" + ("-" + OWN.replace("\n", "\n  ") + "\n") * 2, "one.yaml: OWN", "indicator.twice"),
        ("section: 3\nindicators: []", "one.yaml.section", "field.not_a_table"),
    ],
)
def test_an_own_file_is_refused_with_its_name(tmp_path, text, where, code):
    assert (where, code) in problems(written(tmp_path, one=text))


def test_the_same_file_is_read_against_the_columns_of_each_home_by_itself(tmp_path):
    folder = written(tmp_path, one=OWN + "where: city = 'A'\n")
    with_city = {"cases": FACT_TABLES["cases"].with_dimensions(["city"])}
    for _ in range(2):
        assert read_library(folder, tables=with_city).get("OWN").numerator.needs() == {"city"}
        assert ("one.yaml: OWN.where", "expression.name") in problems(folder)
