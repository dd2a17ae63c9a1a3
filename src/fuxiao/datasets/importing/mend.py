"""Finds the columns whose cells may need mending: blanks at an end, full-width letters and digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

Bytes = np.ndarray[Any, np.dtype[np.uint8]]

WIDE = (b"\xef\xbc", b"\xef\xbd", b"\xe3\x80\x80", b"\xc2\xa0", b"\xef\xbb\xbf")
"""Full-width forms, the ideographic space, the no-break space and the byte order mark in UTF-8."""
SPACE, TAB, LAST_ASCII = 32, 9, 127


def may_need_mending(cells: pa.Array) -> bool:
    """Whether a cell of this text column may be mended: asked of the bytes, far cheaper than mending every cell."""
    _, offsets, data = cells.buffers()
    if data is None:
        return False
    ends = np.frombuffer(offsets, dtype=np.int32)[cells.offset : cells.offset + len(cells) + 1]
    text = np.frombuffer(data, dtype=np.uint8)
    filled = ends[1:] > ends[:-1]
    if _blank(text[ends[:-1][filled]]) or _blank(text[ends[1:][filled] - 1]):
        return True
    written = text[ends[0] : ends[-1]]
    if not written.size or int(written.max()) <= LAST_ASCII:
        return False
    said = written.tobytes()
    return any(mark in said for mark in WIDE)


def _blank(edges: Bytes) -> bool:
    return bool(((edges == SPACE) | (edges == TAB)).any())
