"""Finds columns whose cells may need mending: blanks at an end or inside 张 伟, full-width letters, ="0012", '0012."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Ends = np.ndarray[Any, np.dtype[np.int32]]

WIDE = (b"\xef", b"\xe3\x80\x80", b"\xc2\xa0")
"""What full-width forms and the byte order mark begin with, the ideographic space and the no-break space in UTF-8."""
APART = re.compile(rb"[\x80-\xff][ \t]+[\x80-\xff]")
"""A blank between two letters that are not ASCII."""
SPACE, TAB, APOSTROPHE = 32, 9, 39


def may_need_mending(cells: pa.Array) -> bool:
    """Whether a cell of this text column may be mended: asked of the bytes, far cheaper than mending every cell."""
    _, offsets, data = cells.buffers()
    if data is None:
        return False
    ends = np.frombuffer(offsets, dtype=np.int32)[cells.offset : cells.offset + len(cells) + 1]
    said = memoryview(data)[ends[0] : ends[-1]].tobytes()
    spaced = b" " in said or b"\t" in said
    if spaced and (_blank_at_an_end(said, ends - ends[0]) or (not said.isascii() and APART.search(said))):
        return True
    if b'="' in said or (b"'" in said and _begins_with(APOSTROPHE, said, ends - ends[0])):
        return True
    return not said.isascii() and any(mark in said for mark in WIDE)


def _blank_at_an_end(said: bytes, ends: Ends) -> bool:
    text, filled = np.frombuffer(said, dtype=np.uint8), ends[1:] > ends[:-1]
    return _blank(text[ends[:-1][filled]]) or _blank(text[ends[1:][filled] - 1])


def _begins_with(letter: int, said: bytes, ends: Ends) -> bool:
    return bool((np.frombuffer(said, dtype=np.uint8)[ends[:-1][ends[1:] > ends[:-1]]] == letter).any())


def _blank(edges: Bytes) -> bool:
    return bool(((edges == SPACE) | (edges == TAB)).any())
