"""A home folder aside: other definitions over record files of the same lake, to work a period out undisturbed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fuxiao.datasets.importing.workspace import held_folder
from fuxiao.datasets.manifest import Manifest, RecordSet, write_manifest
from fuxiao.datasets.store import Store


@contextmanager
def home_aside(store: Store, definitions: Mapping[str, str], records: Mapping[str, RecordSet]) -> Iterator[Path]:
    """A home folder with these files, over these record files; gone with the block. The store itself stays as it is."""
    with held_folder(".aside-", store.home) as home:
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


def _link(source: Path, target: Path) -> None:
    """The same bytes under another name: a hard link where the disk can, a copy where it cannot."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
