"""A home folder aside: other definitions over record files of the same lake, to work a period out undisturbed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from filelock import FileLock

from fuxiao.datasets.build import build_facts
from fuxiao.datasets.importing.workspace import held_folder
from fuxiao.datasets.manifest import Manifest, RecordSet, StoredFile, write_manifest
from fuxiao.datasets.store import Store

CLOSED = "closed"
"""The folder of the lake with the homes that stand still; each can be made again."""
KEEP, UNUSED = 24, 86_400.0
"""So many of them stay, and those that were used within a day (seconds)."""


def thawed(plain: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, RecordSet]]:
    """The definitions and record files of a frozen basis in plain form."""
    records = {
        name: RecordSet(tuple(StoredFile(**file) for file in each["files"]), each["overlap"], tuple(each["dimensions"]))
        for name, each in plain["records"].items()
    }
    return dict(plain["definitions"]), records


@contextmanager
def home_aside(store: Store, definitions: Mapping[str, str], records: Mapping[str, RecordSet]) -> Iterator[Path]:
    """A home folder with these files, over these record files; gone with the block. The store itself stays as it is."""
    with held_folder(".aside-", store.home if store.writable else Path(gettempdir())) as home:
        for name, text in definitions.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        lake = home / "lake"
        lake.mkdir()
        for file in (each for held in records.values() for each in held.files):
            (lake / file.path).parent.mkdir(parents=True, exist_ok=True)
            _link(store.lake / file.path, lake / file.path)
        write_manifest(lake, Manifest(generation=1, records_generation=1, records=dict(records)))
        yield home


def closed_home(
    store: Store, definitions: Mapping[str, str], records: Mapping[str, RecordSet], *, cut_off: datetime
) -> Path:
    """The same as a folder that stays, with the facts as of ``cut_off``: for periods whose data is closed.

    It is made once, whoever asks first; a process that is killed meanwhile leaves it to the next.
    """
    made_of = [dict(definitions), {name: asdict(each) for name, each in records.items()}, cut_off.isoformat()]
    key = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:20]
    home = store.lake / CLOSED / key
    home.parent.mkdir(exist_ok=True)
    with FileLock(home.with_suffix(".lock")):
        if not home.is_dir():
            with home_aside(store, definitions, records) as fresh:
                with Store.open(fresh) as aside:
                    build_facts(aside, cut_off=cut_off)
                fresh.rename(home)
        os.utime(home)
    _forget_old(home.parent)
    return home


def _forget_old(folder: Path) -> None:
    used = sorted((each.stat().st_mtime, each) for each in folder.iterdir() if each.is_dir())
    for last, home in used[:-KEEP]:
        if last < time.time() - UNUSED:
            shutil.rmtree(home, ignore_errors=True)
            with suppress(OSError):
                home.with_suffix(".lock").unlink()


def _link(source: Path, target: Path) -> None:
    """The same bytes under another name: a hard link where the disk can, a copy where it cannot."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
