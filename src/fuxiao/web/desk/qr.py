"""A QR code as the path of an SVG."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_Q


def qr_path(text: str) -> tuple[str, int]:
    """The dark squares as one path, and the side of the whole in squares, its quiet border of four included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return "".join(squares), len(rows)
