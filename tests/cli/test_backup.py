"""A backup taken from one installation is the same installation in another folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from command_line import fuxiao
from kept_tables import put_tables

MAKE = """
import os
from pathlib import Path
from fuxiao.base.clock import now
from fuxiao.cli.server.prepare import prepare_database, adopt_people
home = Path(os.environ["FUXIAO_HOME"])
prepare_database(home)
from fuxiao.org.accounts import create_owner
create_owner(username="owner", password="a long enough one", email="", at=now())
adopt_people(home, at=now())
from fuxiao.cli.server.prepare import SYSTEM
from fuxiao.service.actions.intake import Intake, take_in
take_in(SYSTEM, Intake(title="开机异响"), at=now())
"""
LOOK = """
import django; django.setup()
from fuxiao.base.queries import audit_head
from fuxiao.org.models import Person, User
print(audit_head(), list(Person.objects.order_by("number").values_list("number", "name")))
print([user.check_password("a long enough one") for user in User.objects.all()])
from fuxiao.service.models import Case
from fuxiao.service.queries.searching import matching
print([case.number for case in Case.objects.filter(matching("异响"))])
"""
CSV = "工号,姓名,班组,岗位,开始日\nE1,张伟,一组,field_engineer,2022-01-01\n"


def run(*command: str, home: Path, code: int = 0) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FUXIAO_")}
    env = {**kept, "FUXIAO_HOME": str(home), "FUXIAO_LANG": "en", "FUXIAO_NOW": "2026-11-06T09:00:00.123456+08:00",
           "DJANGO_SETTINGS_MODULE": "fuxiao.config.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("installation") / "home"
    fuxiao("init", home, "--name", "澜川")
    (home.parent / "people.csv").write_text(CSV, encoding="utf-8")
    fuxiao("map", home.parent / "people.csv", home=home)
    fuxiao("import", home.parent / "people.csv", home=home)
    put_tables(home)
    run("-c", MAKE, home=home)
    return home


@pytest.fixture(scope="module")
def backup(installation: Path) -> Path:
    target = installation.parent / "backup.tar.gz"
    said = run("-m", "fuxiao", "backup", str(target), home=installation)
    assert "audit entries" in said
    return target


def test_what_was_backed_up_is_there_again(installation: Path, backup: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert "whole" in run("-m", "fuxiao", "restore", str(backup), home=again)
    found = run("-c", LOOK, home=again)
    assert found == run("-c", LOOK, home=installation)
    assert "E1" in found
    assert "2611-00001" in found
    for name in ("fuxiao.toml", "calendars/standard.yaml", "secret.key", "mappings/people.toml"):
        assert (again / name).read_bytes() == (installation / name).read_bytes()
    exported = []
    for home in (installation, again):
        fuxiao("export", "memberships", "-o", tmp_path / f"{home.name}.csv", home=home)
        exported.append((tmp_path / f"{home.name}.csv").read_bytes())
    assert exported[0] == exported[1]


def test_nobody_else_of_the_machine_reads_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert not backup.with_name(backup.name + ".part").exists()


def test_nothing_is_written_over(installation: Path, backup: Path) -> None:
    before = backup.read_bytes()
    assert "there already" in run("-m", "fuxiao", "backup", str(backup), home=installation, code=5)
    assert backup.read_bytes() == before
    assert "not empty" in run("-m", "fuxiao", "restore", str(backup), home=installation, code=5)


def test_a_damaged_file_of_the_lake_is_found(backup: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.tar.gz"
    with tarfile.open(backup) as old, tarfile.open(spoiled, "w:gz") as new:
        for member in old.getmembers():
            data = old.extractfile(member)
            if member.name.endswith(".parquet"):
                content = bytearray(data.read())
                content[len(content) // 2] ^= 1
                path = tmp_path / "spoiled"
                path.write_bytes(content)
                new.add(path, member.name)
            else:
                new.addfile(member, data)
    said = run("-m", "fuxiao", "restore", str(spoiled), home=tmp_path / "home", code=5)
    assert "damaged" in said


def test_half_a_backup_is_none(backup: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.tar.gz"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    assert "no whole backup" in run("-m", "fuxiao", "restore", str(half), home=tmp_path / "home", code=5)


def test_a_database_of_an_earlier_version_is_not_backed_up_by_halves(installation: Path, tmp_path: Path) -> None:
    home = shutil.copytree(installation, tmp_path / "home")
    with contextlib.closing(sqlite3.connect(home / "fuxiao.sqlite3")) as database:
        database.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'org')"
        )
        database.commit()
    said = run("-m", "fuxiao", "backup", str(tmp_path / "b.tar.gz"), home=home, code=5)
    assert "1 step behind" in said
    assert not list(tmp_path.glob("b.tar.gz*"))


def test_what_a_link_leads_to_is_backed_up_and_a_link_to_nothing_is_refused(installation: Path, tmp_path: Path) -> None:
    home = shutil.copytree(installation, tmp_path / "home")
    shared = tmp_path / "shared.toml"
    shared.write_text("# one mapping for several companies", encoding="utf-8")
    (home / "mappings" / "shared.toml").symlink_to(shared)
    run("-m", "fuxiao", "backup", str(tmp_path / "b.tar.gz"), home=home)
    run("-m", "fuxiao", "restore", str(tmp_path / "b.tar.gz"), home=tmp_path / "again")
    kept = tmp_path / "again" / "mappings" / "shared.toml"
    assert (kept.is_symlink(), kept.read_text(encoding="utf-8")) == (False, "# one mapping for several companies")
    shared.unlink()
    assert "shared.toml" in run("-m", "fuxiao", "backup", str(tmp_path / "c.tar.gz"), home=home, code=5)
    assert not list(tmp_path.glob("c.tar.gz*"))
