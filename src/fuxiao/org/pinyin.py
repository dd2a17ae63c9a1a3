"""Names in pinyin: an order and a search that are the same on every database, full width or not."""

from __future__ import annotations

import unicodedata

from pypinyin import Style, lazy_pinyin


def folded(text: str) -> str:
    """Half width, lower case, no blanks at the ends: what a person means by the same word."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def sort_key(name: str) -> str:
    """The name in pinyin with tone numbers, then as written: 张伟 sorts as ``zhang1 wei3 张伟``."""
    spoken = lazy_pinyin(folded(name), style=Style.TONE3, neutral_tone_with_five=True)
    return f"{' '.join(spoken)} {folded(name)}"[:400]


def initials(name: str) -> str:
    """The first letters, 张伟 is ``zw``; of a Latin name each word's."""
    spoken = lazy_pinyin(folded(name), style=Style.NORMAL)
    return "".join(word[:1] for part in spoken for word in part.split())[:60]


def plain(name: str) -> str:
    """Pinyin without tones or blanks, 张伟 is ``zhangwei``."""
    return "".join(lazy_pinyin(folded(name), style=Style.NORMAL)).replace(" ", "")
