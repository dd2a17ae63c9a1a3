"""Help and refusals of the command line itself, in both languages; what a program reads keeps its names."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from itertools import takewhile

import pytest
from rich.cells import cell_len

from command_line import OFFERED, fuxiao
from fuxiao.cli.main import COMMANDS
from fuxiao.cli.options import speak

SAID = (
    (("score", "--nope"), "没有选项 --nope", "No such option: --nope"),
    (("vaules",), "没有命令 'vaules'。您是不是要：'values'？", "Did you mean 'values'?"),
    (("rows",), "缺少参数 'code'。", "Missing argument 'code'."),
    (("rows", "FTF", "--limit", "x"), "要写整数。", "valid integer"),
    (("rows", "FTF", "--limit", "0"), "不能小于 1。", "greater than or equal to 1"),
    (("values", "-f", "pdf"), "没有 'pdf'，可以写 'table', 'csv', 'json', 'xlsx'。", "is not one of"),
    (("rows", "FTF", "--period"), "选项 '--period' 后面要写一个值。", "requires an argument"),
    (("init", "a", "b", "c"), "多了这些词：b c。", "unexpected extra argument"),
)


@pytest.mark.parametrize(("words", "chinese", "english"), SAID)
def test_what_the_parser_refuses_is_said_in_the_language_asked_for(words, chinese, english):
    speak("zh")  # as a process of its own reads it from its arguments and the environment
    zh = fuxiao(*words, lang="zh", code=2)
    speak("en")
    en = fuxiao(*words, lang="en", code=2)
    assert chinese in zh.err
    assert english in en.err
    assert not {"Error", "Usage", "Try"} & set(zh.err.replace(":", " ").split())
    assert [len(answer.err.splitlines()) for answer in (zh, en)] == [1, 1]
    assert (zh.out, en.out) == ("", "")


def test_help_is_in_one_language():
    zh, en = fuxiao("rows", "--help", lang="zh"), fuxiao("rows", "--help", lang="en")
    assert zh.out.startswith("用法：")
    assert "选项：" in zh.out
    assert "显示这段说明。" in zh.out
    assert not {"Usage:", "Options:", "[OPTIONS]"} & set(zh.out.split())
    assert "Usage: " in en.out


def test_the_program_alone_shows_its_help_line_by_line():
    alone, asked = fuxiao(lang="zh", code=2), fuxiao("--help", lang="zh")
    assert alone.err.splitlines() == asked.out.splitlines()


@pytest.mark.parametrize("words", [("quality", "--help", "--lang", "EN"), ("--lang=en", "quality", "--help")])
def test_help_is_in_the_language_asked_for_wherever_it_stands_on_the_line(words):
    said = subprocess.run([sys.executable, "-m", "fuxiao", *words], capture_output=True, text=True, check=True).stdout
    assert "Show this message and exit." in said
    assert re.findall("[\u4e00-\u9fff]+", said) == []


@pytest.mark.parametrize("line", [("--lang", "en", "--nope"), ("--nope", "--lang", "en")])
def test_a_refusal_is_too(line):
    said = subprocess.run([sys.executable, "-m", "fuxiao", "rows", *line], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr[:15]) == (2, "No such option:")


@pytest.mark.parametrize(("words", "usage"), [
    ("targets --lang zh", "用法：python -m fuxiao targets"), ("targets --lang en", "Usage: python -m fuxiao targets"),
    ("--lang zh", "用法：python -m fuxiao"),
])  # fmt: skip
def test_a_group_without_a_command_is_help_in_the_language_asked_for(words, usage):
    order = [sys.executable, "-m", "fuxiao", *words.split()]
    said = subprocess.run(order, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr[: len(usage)]) == (2, usage)


def test_the_list_of_commands_is_there_before_any_library_of_a_command():
    program = (
        "from fuxiao.cli.main import main; import atexit, sys; atexit.register(lambda: print(*sys.modules)); main()"
    )
    said = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True).stdout
    assert "".join(COMMANDS["values"].zh.split()) in "".join(said.split())
    assert not {"duckdb", "ibis", "numpy", "django", "fuxiao.cli.session"} & set(said.split())


def test_the_list_says_of_a_command_what_its_own_help_begins_with():
    for name, command in OFFERED.items():
        begun = takewhile(bool, (command.callback.__doc__ or "").strip().splitlines())
        if name in COMMANDS:
            assert COMMANDS[name].en == " ".join(line.strip() for line in begun)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 80])
def test_help_breaks_no_line_inside_a_date_a_number_or_a_name_and_fits_the_terminal(monkeypatch, columns, lang):
    monkeypatch.setenv("COLUMNS", str(columns))
    told = {command: fuxiao(*command.split(), "--help", lang=lang).out for command in (*OFFERED, "")}
    kept = ("2026-W40", "2026-10-05", "./fuxiao-home", "FUXIAO_HOME", "spark://", "table]", "business|calendar")
    assert [whole for whole in kept if whole not in told["values"]] == []
    lines = "\n".join(told.values()).splitlines()
    assert [line for line in lines if cell_len(line) > columns] == []
    assert [line for line in lines if line.lstrip()[:1] in set("、，。；：）")] == [], (
        "nothing begins with what ends a phrase"
    )
    assert [line for line in lines if "COMMAND" in line and lang == "zh"] == []


def test_help_says_what_an_option_takes_in_words_of_people():
    seen = {command: fuxiao(*command.split(), "--help", lang="en").out for command in OFFERED}
    assert [name for name, text in seen.items() if re.search(r"<|\[list|list\[|range|x>=", text)] == []
    assert "Usage: fuxiao import [OPTIONS] FILES..." in seen["import"]
    assert "--pool KEY=AMOUNT" in seen["settle"]
    assert "[default: 60; at least 8]" in seen["demo"]
    assert "[默认：8000；1 到 65535]" in fuxiao("serve", "--help", lang="zh").out


def test_a_file_that_is_no_scheme_is_refused_without_what_it_holds(tmp_path, home):
    (tmp_path / "secret").write_text("the word is hunter2\n", encoding="utf-8")
    for command, option in (("score", "--scheme"), ("settle", "--plan")):
        answer = fuxiao(command, option, tmp_path / "secret", home=home, code=None)
        assert answer.code != 0
        assert "A table of “name: value” is needed here." in answer.err
        assert "hunter2" not in answer.err + answer.out


def test_remarks_about_a_scheme_are_printed_once_and_kept_in_a_file(own):
    shutil.rmtree(own / "warnings", ignore_errors=True)  # others may have been told already
    first, again = (fuxiao("score", "-p", "2026-10", home=own) for _ in range(2))
    kept = (own / "warnings" / "appliance.txt").read_text(encoding="utf-8").splitlines()
    assert kept
    assert [line for line in kept if line not in first.err] == []
    assert [line for line in kept if line in again.err] == []
    assert str(own / "warnings" / "appliance.txt") in again.err.replace("\n", "")
    shutil.rmtree(own / "warnings")
    (own / "warnings").write_text("no folder, so that nothing can be kept")
    told = fuxiao("score", "-p", "2026-10", home=own).err
    (own / "warnings").unlink()
    assert [line for line in kept if line not in told] == []
    assert "appliance.txt" not in told


def test_a_group_that_is_called_like_a_column_of_every_sheet_stands_beside_it(home):
    found = fuxiao("values", "--by", "unit", "-i", "FRT", "-p", "2026-10", "-f", "csv", home=home).rows
    assert {row["unit"] for row in found} == {"min"}
    assert len({row["by_unit"] for row in found}) == len(found)


def test_the_columns_of_the_quality_report_have_names_for_programs(tmp_path, home):
    (tmp_path / "cases.csv").write_text("case_id,opened_at,owner\nA1,2026-10-01 09:00,E1\nA2,never,E1\n", "utf-8")
    fuxiao("map", tmp_path / "cases.csv", "-o", tmp_path / "m.toml", home=home)
    found = fuxiao("import", tmp_path / "cases.csv", "-m", tmp_path / "m.toml", "--check", "-f", "json", home=home).data
    quality = next(part for part in found.values() if part and "problem" in part[0])
    assert set(quality[0]) == {"problem", "dataset", "column", "treatment", "count", "examples", "lines"}
