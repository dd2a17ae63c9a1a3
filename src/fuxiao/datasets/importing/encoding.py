"""Finds out how a text file is encoded, and rewrites it as UTF-8 in a stream where it is not."""

from __future__ import annotations

import codecs
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pyarrow as pa

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.contents import must_be_text
from fuxiao.datasets.importing.progress import QUIET, Stage, Watch

PIECE = 4 << 20
HALF_EMPTY = 0.02
"""With more NUL bytes than this, nearly all on one side of a pair, a file without a mark is taken for UTF-16."""
MARKED = "utf-8-sig"
BOMS = ((codecs.BOM_UTF8, MARKED), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

EASTERN = {
    "gb18030": ("gb2312", 0xA1, 0xF7),
    "cp950": ("big5", 0xA1, 0xC6),
    "cp932": ("shift_jis", 0x81, 0x97),
}
"""The encodings of Chinese on the mainland and in Taiwan and of Japanese, in the order in which they are tried: which
plain one has the common letters, and with which first bytes."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file as UTF-8 without a mark: what the readers need to know before they start.

    ``replaced`` counts the characters that could not be read and became U+FFFD.
    """

    path: Path
    encoding: str
    quoted: bool
    replaced: int = 0
    forced: bool = False
    """The encoding was given and not found out: nobody has looked whether the bytes are what it says."""


def read_text_file(path: Path, workspace: Path, *, encoding: str = "", watch: Watch = QUIET) -> TextFile:
    """Look at the whole file once; where it is not plain UTF-8 write a UTF-8 copy into ``workspace``."""
    if path.stat().st_size == 0:
        raise InputError("file.empty", path=path.name)
    found = encoding or detect_encoding(path)
    if found == "utf-8":
        return replace(_inspect(path, found, watch=watch), forced=bool(encoding))
    target = workspace / "utf8" / path.name  # errors name the file as the person knows it
    target.parent.mkdir(exist_ok=True)
    replaced = 0
    if found == MARKED and _is_utf8(path):
        _copy_behind_mark(path, target)
    else:
        replaced = _transcode(path, target, found)
    return replace(_inspect(target, found, watch=watch), replaced=replaced)


def detect_encoding(path: Path) -> str:
    """``utf-8``, ``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``utf-16-be``, one of ``EASTERN`` or ``cp1252``."""
    with path.open("rb") as file:
        head = file.read(64 << 10)
    for bom, found in BOMS:
        if head.startswith(bom):
            return found
    high, low = head[1::2].count(0), head[0::2].count(0)
    if high + low > HALF_EMPTY * len(head) and max(high, low) > 10 * min(high, low):
        return "utf-16-le" if high > low else "utf-16-be"
    must_be_text(head, name=path.name)
    if _is_utf8(path):
        return "utf-8"
    if eastern := next((each for each in EASTERN if _is_valid(path, each) and _reads_well(path, each)), ""):
        return eastern
    return "utf-8-damaged" if _mostly_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    """Whether all bytes are UTF-8: asked of Arrow, which need not make texts of them."""
    with pa.memory_map(str(path)) as file:
        whole = file.read_buffer()
        ends = pa.array([0, whole.size], pa.int64()).buffers()[1]
        try:
            pa.Array.from_buffers(pa.large_string(), 1, [None, ends, whole]).validate(full=True)
        except pa.ArrowInvalid:
            return False
    return True


def _is_valid(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path):
            if not (piece.isascii() and decoder.getstate()[0] == b""):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads_well(path: Path, encoding: str) -> bool:
    with path.open("rb") as file:
        text = file.read(1 << 20).decode(encoding, errors="ignore")
    return looks_common(text, encoding) and (encoding == "gb18030" or _in_words(text))


def looks_common(text: str, encoding: str = "gb18030") -> bool:
    """Whether what is not ASCII reads as common letters: what is written in another encoding reads as rare ones."""
    wide = [c for c in text if c > "\x7f"]
    common = sum("\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uff5f" or _is_common(c, encoding) for c in wide)
    return not wide or common >= 0.8 * len(wide)


def _is_common(character: str, encoding: str) -> bool:
    plain, first, last = EASTERN[encoding]
    try:
        return first <= character.encode(plain)[0] <= last
    except UnicodeEncodeError:
        return False


def _in_words(text: str) -> bool:
    """Whether letters that are not ASCII stand beside each other: Western accents stand alone in their words."""
    wide = re.findall("[^\x00-\x7f]+", text)
    return 2 * sum(len(word) > 1 for word in wide) >= len(wide)


def _mostly_utf8(path: Path) -> bool:
    with path.open("rb") as file:
        decoded = file.read(1 << 20).decode("utf-8", errors="replace")
    wide = [c for c in decoded if c > "\x7f"]
    return sum(c == "\ufffd" for c in wide) < 0.5 * len(wide)


def _copy_behind_mark(path: Path, target: Path) -> None:
    """Write the file without the mark that it begins with, if it does: to read and write its texts takes ten times as
    long."""
    with path.open("rb") as file, target.open("wb") as out:
        if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            file.seek(0)
        shutil.copyfileobj(file, out, PIECE)


def _transcode(path: Path, target: Path, encoding: str) -> int:
    """Write the file as UTF-8; returns how many characters could not be read."""
    source = "utf-8" if encoding == "utf-8-damaged" else encoding
    try:
        TextIOWrapper(BytesIO(), encoding=source)  # hex and its like are no encodings of text
        decoder = codecs.getincrementaldecoder(source)(errors="replace")
    except (LookupError, ValueError) as error:
        raise InputError("encoding.unknown", encoding=encoding) from error
    replaced = 0
    try:
        with target.open("wb") as out:
            for piece in (*_pieces(path), b""):
                decoded = decoder.decode(piece, final=not piece)
                replaced += decoded.count("\ufffd")
                out.write(decoded.encode())
    except UnicodeError as error:  # UTF-16 without the mark at its beginning
        raise InputError("encoding.wrong", path=path.name, encoding=encoding) from error
    return replaced


def _inspect(path: Path, encoding: str, *, watch: Watch) -> TextFile:
    total, done, quoted = path.stat().st_size, 0, False
    for piece in _pieces(path):
        done += len(piece)
        watch.step(Stage.SCAN, done=done, total=total)
        quoted = quoted or b'"' in piece
    return TextFile(path, encoding, quoted)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
