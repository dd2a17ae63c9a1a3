"""How a command ends that cannot go on: nobody reads what it writes, the disk is full, a person stops it at once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from command_line import fuxiao

FULL = Path("/dev/full")
"""Every write to it fails as on a full disk."""


def run(*words: object, out: int) -> subprocess.CompletedProcess[str]:
    """A process of its own that writes its result there."""
    env = os.environ | {"FUXIAO_LANG": "en"}
    order = [sys.executable, "-m", "fuxiao", *map(str, words)]
    return subprocess.run(order, stdout=out, stderr=subprocess.PIPE, text=True, env=env, check=False)


@pytest.mark.parametrize("words", ["indicators", "indicators -f csv", "--help"])
def test_what_nobody_reads_on_ends_as_other_programs_do_and_without_a_word(home: Path, words: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    options = () if words == "--help" else ("--home", home)
    ended = run(*words.split(), *options, out=writing)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_full_disk_is_named_with_the_place_and_the_mend(home: Path, tmp_path: Path) -> None:
    with FULL.open("w") as out:
        ended = run("indicators", "--home", home, out=out.fileno())
    assert (ended.returncode, ended.stderr) == (
        4, "standard output cannot be written: No space left on device. Choose another path.\n",
    )  # fmt: skip
    for words in ("--help", "values --help", "--version", "init new"):
        with FULL.open("w") as out:
            ended = run(*words.replace("new", str(tmp_path / "fresh")).split(), out=out.fileno())
        assert (ended.returncode, ended.stderr) == (
            4, "standard output cannot be written: No space left on device. Choose another path.\n",
        ), words  # fmt: skip
    (tmp_path / "values.xlsx").symlink_to(FULL)
    ended = run(
        "values", "-p", "2026-10", "-i", "FRT", "-f", "xlsx", "-o", tmp_path / "values.xlsx", "--home", home, out=1
    )
    assert (ended.returncode, ended.stderr) == (
        4, f"{tmp_path}/values.xlsx cannot be written: No space left on device. Choose another path.\n",
    )  # fmt: skip
    for ending in ("csv", "json", "parquet"):
        (tmp_path / f"cases.{ending}").symlink_to(FULL)
        refused = fuxiao("export", "cases", "-o", tmp_path / f"cases.{ending}", home=home, code=4)
        assert f"cases.{ending} cannot be written: " in refused.err
        assert "No space left on device" in refused.err
    new = tmp_path / "new"
    new.mkdir()
    (new / "service_levels.yaml").symlink_to(FULL)
    refused = fuxiao("init", new, code=4)
    assert f"The disk is full: {new} cannot be written. Make room and try again" in refused.err


def test_a_closed_standard_output_is_no_defect(home: Path) -> None:
    order = ["sh", "-c", f"'{sys.executable}' -m fuxiao indicators FRT --home '{home}' >&-"]
    ended = subprocess.run(order, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_what_is_stopped_while_it_is_being_read_ends_quietly() -> None:
    stopping = """
import sys
class Stop:
    def find_spec(self, name, *_):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
from fuxiao.cli.start import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", stopping], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def audited(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The audit trail of a home asked by a process of its own."""
    env = {
        name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "FUXIAO_DATABASE")
    }
    order = [sys.executable, "-m", "fuxiao", "verify-audit", "--home", str(home)]
    given = env | {"FUXIAO_LANG": "en"} | variables
    return subprocess.run(order, capture_output=True, text=True, env=given, check=False)


def test_a_database_that_cannot_be_used_is_named_with_the_mend(home: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    copytree(home, spoilt)
    (spoilt / "fuxiao.sqlite3").write_bytes(b"this is no database" * 100)
    away = audited(home, FUXIAO_DATABASE="postgresql://anna:secret@127.0.0.1:1/fuxiao")
    for ended in (away, audited(spoilt)):
        assert ended.returncode == 5
        assert ended.stderr.startswith("The database of the pages cannot be used (")
        assert ended.stderr.count("\n") == 1
        assert "secret" not in ended.stderr


def test_a_variable_that_says_nothing_known_is_named_with_what_it_wants(home: Path) -> None:
    ended = audited(home, FUXIAO_DATABASE="oracle://somewhere")
    assert (ended.returncode, ended.stderr) == (
        2, "An environment variable is wrong: FUXIAO_DATABASE: write postgresql://user:password@host:port/name\n",
    )  # fmt: skip


def test_a_second_site_on_the_same_port_is_refused_with_a_free_one(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first:
        taken = first.getsockname()[1]
        refused = fuxiao("serve", "--port", taken, home=home, lang="en", code=4)
        assert f"Somebody listens on 127.0.0.1:{taken} already" in refused.err
        offered = int(refused.err.rpartition("--port ")[2])
        with socket.create_server(("127.0.0.1", offered)):
            assert offered > taken
    nowhere = fuxiao("serve", "--host", "203.0.113.7", "--port", taken, home=home, lang="en", code=4)
    assert f"Nobody can listen on 203.0.113.7:{taken}: " in nowhere.err


@pytest.mark.parametrize("code", ["ascii", "gbk"])
def test_a_machine_whose_code_lacks_a_sign_is_told_it_all_the_same(home: Path, code: str) -> None:
    order = [sys.executable, "-m", "fuxiao", "indicators", "FRT", "--home", str(home), "--lang", "zh"]
    ended = subprocess.run(order, capture_output=True, env=os.environ | {"PYTHONIOENCODING": code}, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "平均首次响应时长" in ended.stdout.decode("utf-8" if code == "ascii" else code)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", ["indicators NONE", "indicators --nothing"])
def test_a_refusal_that_cannot_be_written_keeps_its_exit_code(home: Path, words: str) -> None:
    with FULL.open("w") as full:
        order = [sys.executable, "-m", "fuxiao", *words.split(), "--home", str(home)]
        assert subprocess.run(order, stderr=full, check=False).returncode == 2
