"""Cuts the text of an expression into tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.engine.expression.problems import refused

MAX_LENGTH = 10_000
SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
WORDS = frozenset({"and", "or", "not", "between", "in", "is", "null", "true", "false"})

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<text>'(?:[^']|'')*')
    |(?P<name>[^\W\d]\w*)
    |(?P<sign><=|>=|<>|!=|==|[-+*/=<>(),])""",
    re.VERBOSE,
)
_MAX_DIGITS = 15
_SIGNS = frozenset("()<>=+-*/,'.0123456789")
_MEANT = {
    **dict.fromkeys("‘’“”「」『』\"`", "'"), **dict.fromkeys("[【", "("), **dict.fromkeys("]】", ")"),
    **dict.fromkeys("−–—", "-"), "、": ",", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/",
    "&": "and", "|": "or", "!": "not", "！": "not",
}  # fmt: skip
"""What somebody means who writes these; full-width letters and signs are known to Unicode."""


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is ``number``, ``text``, ``name``, ``word``, ``sign`` or ``end``; ``at`` is the offset in the text."""

    kind: str
    text: str
    at: int


def scan(text: str, *, where: str) -> list[Token]:
    """The tokens of ``text``, closed by an ``end`` token; a ``DefinitionError`` at the first strange character."""
    if len(text) > MAX_LENGTH:
        raise refused("too_long", text, 0, where=where, most=MAX_LENGTH, length=len(text))
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            code, sign = "text_not_closed" if text[at] == "'" else "character", text[at]
            shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
            raise refused(code, text, at, where=where, found=shown, near=_share(sign, tokens) or _meant(sign))
        if found.lastgroup != "space":
            tokens.append(_token(str(found.lastgroup), found.group(), at))
        at = found.end()
    return [*tokens, Token("end", "", len(text))]


def _meant(sign: str) -> tuple[str, ...]:
    half = unicodedata.normalize("NFKC", sign)
    return (half,) if half != sign and half in _SIGNS else tuple(filter(None, [_MEANT.get(sign)]))


def _share(sign: str, before: list[Token]) -> tuple[str, ...]:
    """``95%`` is the share 0.95."""
    if sign not in "%％" or not before or before[-1].kind != "number":
        return ()
    return (f"{(Decimal(before[-1].text) / 100).normalize():f}",)


def _token(kind: str, text: str, at: int) -> Token:
    return Token("word" if kind == "name" and text in WORDS else kind, text, at)


def number(token: Token, text: str, *, where: str) -> int | Decimal:
    """The number a token writes; whole numbers stay whole. More digits than a lake column holds are refused."""
    if len(token.text) > _MAX_DIGITS:
        raise refused("number_too_long", text, token.at, where=where, most=_MAX_DIGITS)
    return Decimal(token.text) if "." in token.text else int(token.text)
