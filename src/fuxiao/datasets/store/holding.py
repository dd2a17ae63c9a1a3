"""Who needs files of records that the manifest no longer names: seals, and whoever registers here.

Held files are neither folded nor removed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from fuxiao.datasets.manifest import Manifest

Holder = Callable[[Path], Iterable[str]]
"""Gives the paths below ``lake/`` that it needs of this home folder."""
_holders: dict[str, Holder] = {}


def register(key: str, holder: Holder) -> None:
    """Have the files that this names held."""
    _holders[key] = holder


def held(lake: Path, manifest: Manifest) -> frozenset[str]:
    """The paths of all files that somebody holds."""
    found = {path for seal, file in manifest.seals.items() for path in sealed_files(lake, seal, file.sha256)}
    return frozenset(found.union(*(holder(lake.parent) for holder in _holders.values())))


@lru_cache(maxsize=256)
def sealed_files(lake: Path, path: str, sha256: str) -> frozenset[str]:  # noqa: ARG001 - another digest, another answer
    """The files of records that a seal names."""
    there = lake / path
    if not path.endswith("/seal.json") or not there.is_file():
        return frozenset()
    records = json.loads(there.read_bytes())["records"].values()
    return frozenset(file["path"] for each in records for file in each["files"])
