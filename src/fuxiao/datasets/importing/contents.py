"""Whether a file holds what its ending says: the first bytes tell a workbook from a text from a picture."""

from __future__ import annotations

import zipfile
from mmap import ACCESS_READ, mmap
from pathlib import Path

from fuxiao.core.errors import InputError

HEAD = 64 << 10
WORKBOOK = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The name under which a workbook with a password lies inside a file of the older kind."""
OTHERS = {b"PAR1": ".parquet", b"\x1f\x8b": ".csv.gz"}
NO_TABLE = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF"}
CONTROL = bytes(n for n in range(32) if n not in b"\t\n\f\r\x1b\x01\x1f")
MOST_CONTROL = 0.02
"""A text of one byte a letter has hardly any control characters; what has more is none."""


def must_be_file(path: Path) -> None:
    """``InputError`` where nothing can be read: ``file.missing``, or ``file.no_file`` for a folder or a device."""
    if not path.is_file():
        raise InputError("file.no_file" if path.exists() else "file.missing", path=str(path))


def must_hold(path: Path, kind: str, *, name: str) -> None:
    """``InputError`` where a ``sheet``, ``csv`` or ``json`` file is something else.

    ``file.really`` names the ending that it should have, ``file.no_table`` what it holds that is no table.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    packed = _of_signature(head, WORKBOOK)
    if kind == "sheet" and head and not packed:
        _refuse(head, name=name, text=True)
    elif kind in {"csv", "json"}:
        if packed:
            raise InputError("file.really", path=name, ending=_ending_of_zip(path) if packed == ".xlsx" else packed)
        _refuse(head, name=name, text=False)


def is_locked(path: Path) -> bool:
    """Whether this is a workbook that opens only with a password."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content[:4] == b"\xd0\xcf\x11\xe0" and content.find(LOCKED) >= 0


def must_be_text(head: bytes, *, name: str) -> None:
    """``file.no_table`` for bytes that no encoding of one byte a letter makes sense of."""
    if len(head) - len(head.translate(None, CONTROL)) > MOST_CONTROL * len(head):
        raise InputError("file.no_table", path=name, found="binary")


def _refuse(head: bytes, *, name: str, text: bool) -> None:
    """Refuse what is surely something else; where a workbook was expected, any text too."""
    found = _of_signature(head, NO_TABLE)
    if found or (text and head.lstrip()[:1] == b"<"):
        raise InputError("file.no_table", path=name, found=found or "HTML")
    ending = _of_signature(head, OTHERS)
    if ending or text:
        raise InputError("file.really", path=name, ending=ending or ".csv")


def _of_signature(head: bytes, known: dict[bytes, str]) -> str:
    return next((said for signature, said in known.items() if head.startswith(signature)), "")


def _ending_of_zip(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return ".zip"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if any(name.startswith("xl/") for name in names):
        return ".xlsx"
    return ".ods" if "content.xml" in names else ".zip"
