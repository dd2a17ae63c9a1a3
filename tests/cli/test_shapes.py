"""One result in four shapes, two languages, and terminals of any width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from command_line import PAINT, Answer, emitted, fuxiao
from fuxiao.cli import output
from fuxiao.cli.sheet import Format, Sheet

Ask = Callable[..., Answer]
COMMANDS = (
    "quality",
    "indicators",
    "indicators FTF",
    "values -p 2026-10",
    "values -p 2026-10 -i FTF,FRT,CPC -b person",
    "values -p 2026-10 -i FTF -b team,category",
    "rows FTF -p 2026-10",
    "signals -p 2026-10",
    "process -p 2026-10",
    "targets propose -i FTF,CSAT -p 2026-11",
)

"""What is quick to ask in every shape and language; scores and amounts are asked once each below."""
REAL = {"en": " -f json", "zh": ""}
"""The shape in which a command is asked in a language; the other ones are written from the same sheets."""


@pytest.fixture(scope="module")
def shown(home: Path) -> Callable[..., Answer]:
    """What a command writes in a language, as JSON or as a table that a terminal of some width (0: a pipe) gets.

    It is worked out once a language: every shape is written from the sheets that the command hands over.
    """
    kept: dict[tuple[str, str], tuple[Answer, Sequence[Sheet]]] = {}

    def asked(words: str, lang: str) -> tuple[Answer, Sequence[Sheet]]:
        if (words, lang) not in kept:
            with pytest.MonkeyPatch.context() as patch:
                handed: list[Sequence[Sheet]] = []
                write = output._write
                patch.setattr(output, "_write", lambda sheets, *to: (handed.append(sheets), write(sheets, *to)))
                answer = fuxiao(*f"{words}{REAL[lang]}".split(), home=home, lang=lang)
            [sheets] = handed
            kept[words, lang] = answer, sheets
        return kept[words, lang]

    def written(words: str, lang: str = "en", *, shape: str = "table", terminal: int = 0) -> Answer:
        answer, sheets = asked(words, lang)
        same = not terminal and (shape == "json") == (lang == "en")
        return answer if same else emitted(sheets, Format(shape), lang=lang, terminal=terminal)

    return written


def cells(data: object) -> Iterator[object]:
    """Every cell of a JSON answer."""
    tables = data.values() if isinstance(data, dict) else [data]
    yield from (cell for table in tables for row in table for cell in row.values())


@pytest.mark.parametrize("words", [*COMMANDS, "settle -p 2026-10 --pool department=20000"])
def test_json_holds_every_decimal_as_text_and_counts_as_numbers(shown: Ask, words: str) -> None:
    found = list(cells(shown(words, shape="json").data))
    assert found
    assert {type(cell) for cell in found} <= {str, int, bool, type(None)}


def test_csv_and_json_and_the_workbook_hold_the_same_figures(home: Path, ask: Ask, tmp_path: Path) -> None:
    words = "values -p 2026-10 -i FTF,FRT,CPC -b person"
    plain, data = ask(f"{words} -f csv").rows, ask(f"{words} -f json").data
    assert plain == [{k: "" if v is None else str(v) for k, v in row.items()} for row in data]
    fuxiao(*words.split(), "-f", "xlsx", "-o", tmp_path / "v.xlsx", home=home)
    sheet = load_workbook(tmp_path / "v.xlsx").worksheets[0]
    columns = list(plain[0])
    for row, wanted in zip(sheet.iter_rows(min_row=2, values_only=True), plain, strict=True):
        got = dict(zip(columns, row, strict=True))
        assert got["person"] == wanted["person"]
        for name in ("value", "numerator", "n"):
            assert (got[name] is None) == (wanted[name] == "")
            assert got[name] is None or Decimal(str(got[name])) == Decimal(wanted[name])


def test_an_explanation_is_data_too(ask: Ask) -> None:
    """The tree from the score and the amount down; the clocks of a case with each of their entries."""
    card = next(row for row in ask("score -p 2026-10 -f csv").rows if row["score"])
    told = ask(f"explain {card['person']} -p 2026-10 --pool department=20000 -f json").data
    assert list(told) == ["score", "amount"]
    assert [told[key][0]["depth"] for key in told] == [0, 0]
    assert told["score"][0]["value"] == card["score"]
    assert {row["depth"] for row in told["score"]} == set(range(1 + max(row["depth"] for row in told["score"])))
    case = ask("rows FRT -p 2026-10 --limit 1 -f csv").rows[0]["case_id"]
    clocks = ask(f"explain --case {case} -f json").data
    table = ask(f"explain --case {case}").out
    for entries in clocks.values():
        assert f"{sum(Decimal(entry['minutes']) for entry in entries):.1f}".split(".")[0] in table
        assert all(entry["from"] < entry["to"] for entry in entries)


@pytest.mark.parametrize("words", ["rows FTF -p 2026-10", "rows FTF -p 2026-10 -b category,team"])
def test_the_headings_of_rows_are_in_the_language_asked_for(ask: Ask, words: str) -> None:
    heads = {lang: next(line for line in ask(words, lang=lang).lines if "n" in line.split()) for lang in ("zh", "en")}
    assert set(heads["zh"].split()) & set(heads["en"].split()) == {"n"}
    assert ask(f"{words} -f csv", lang="zh").rows[0].keys() == ask(f"{words} -f csv").rows[0].keys()


def test_a_csv_file_opens_in_a_spreadsheet_and_of_several_tables_each_gets_its_own(home: Path, tmp_path: Path) -> None:
    fuxiao("process", "-p", "2026-10", "-f", "csv", "-o", tmp_path / "p.csv", home=home)
    assert {path.name for path in tmp_path.iterdir()} == {"p.csv", "p-2.csv", "p-3.csv", "p-4.csv"}
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", COMMANDS)
def test_a_table_fits_a_terminal_of_eighty_columns(shown: Ask, words: str, lang: str) -> None:
    lines = shown(words, lang, terminal=80).lines
    assert lines
    assert [line for line in lines if cell_len(line) > 80] == []


def test_a_narrow_terminal_leaves_out_details_and_says_which_and_never_cuts_a_figure(ask: Ask) -> None:
    narrow, whole = ask("score -p 2026-10", terminal=60), ask("score -p 2026-10 -f csv").rows
    text = PAINT.sub("", narrow.out)
    assert [line for line in narrow.lines if cell_len(line) > 60] == []
    assert "Not shown for want of width" in text
    for row in whole:
        line = next(line for line in narrow.lines if line.startswith(row["person"]))
        assert row["name"] in line
        assert (row["score"] or row["name"]) in line


def test_a_pipe_gets_every_column_and_each_row_on_one_line(ask: Ask) -> None:
    lines = [line for line in ask("score -p 2026-10").lines if re.match(r"LC\d+ ", line)]
    assert len(lines) == 40
    assert "to next grade" in ask("score -p 2026-10").out


@pytest.mark.parametrize("words", COMMANDS)
def test_every_table_speaks_either_language_whole(shown: Ask, words: str) -> None:
    """No heading or sentence of the Chinese answer is left in English, and no code stands where a word should."""
    zh, en = shown(words, "zh").out, shown(words).out
    assert zh != en
    assert not re.search(r"[a-z]+\.[a-z_]+\.[a-z_]+", zh + en)
    assert not re.search(r"[\u3000-\u303f，。；：]", re.sub(r"“[^”]*”", "", en))


NAMES = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","y")')


def test_no_name_becomes_a_formula(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log.csv"
    fuxiao("init", home)
    lines = [
        f'C{n}-{at},2026-10-0{n + 1} 09:00,2026-10-0{n + 1} 09:10,"{name.replace(chr(34), chr(34) * 2)}"\n'
        for at, name in enumerate(NAMES)
        for n in range(6)
    ]
    log.write_text("id,opened,answered,owner\n" + "".join(lines), "utf-8")
    (home / "mappings").mkdir()
    (home / "mappings/log.toml").write_text(
        'shape = "case"\n[cases.columns]\ncase_id = "id"\nopened_at = "opened"\nfirst_response_at = "answered"\n'
        'first_responder = "owner"\nowner = "owner"\n',
        "utf-8",
    )
    fuxiao("import", log, home=home)
    words = ("values", "-p", "2026-10", "-i", "FRT", "-b", "person")
    fuxiao(*words, "-f", "xlsx", "-o", tmp_path / "v.xlsx", home=home)
    fuxiao("export", "cases", "-o", tmp_path / "c.xlsx", home=home)
    fuxiao("export", "cases", "-o", tmp_path / "c.csv", home=home)
    for book in ("v.xlsx", "c.xlsx"):
        kinds = {cell.data_type for row in load_workbook(tmp_path / book).worksheets[0].iter_rows() for cell in row}
        assert "f" not in kinds
    found = fuxiao(*words, "-f", "csv", home=home).rows
    assert {row["person"] for row in found} == {f"'{name}" for name in NAMES}
    assert not re.search(r'(?m)(^|,)"?[=+@]', (tmp_path / "c.csv").read_text("utf-8-sig"))
    assert {row["person"] for row in fuxiao(*words, "-f", "json", home=home).data} == set(NAMES)
