"""Names in pinyin: an order and a search that are the same on every database, full width or not."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from fuxiao.org.surnames import surname

DIGITS = "零一二三四五六七八九"
NUMBERED = re.compile("[0-9]+|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]")
DROPPED = re.compile(r"[\s'’.,·\-]+")


def folded(text: str) -> str:
    """Half width, lower case, no blanks at the ends: what a person means by the same word."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def sort_key(name: str) -> str:
    """The name in pinyin with tone numbers, then its characters' numbers: 张伟 sorts as ``zhang1wei3005f2004f1f``.

    Written in small letters and digits only, which every collation of every database puts in the same order.
    """
    spoken = "".join(_sortable(syllable) for syllable in _syllables(folded(name), tones=True))
    return f"{spoken}0{''.join(f'{ord(sign):05x}' for sign in folded(name))}"[:400]


@lru_cache(maxsize=4_096)
def team_key(name: str) -> str:
    """The same for a team: 客服二组 stands after 客服一组, 10 组 after 2 组."""
    return sort_key(NUMBERED.sub(lambda found: f"{_counted(found[0]):06d}", folded(name)))


def _counted(text: str) -> int:
    """A number in digits, or up to ninety-nine in Chinese."""
    if text.isdigit():
        return int(text[:6])
    tens, ten, ones = text.rpartition("十")
    return (DIGITS.find(tens) if tens else 1) * 10 * bool(ten) + max(DIGITS.find(ones), 0) * bool(ones)


def _sortable(text: str) -> str:
    """Letters and digits; accents are put aside, any other sign becomes its number behind all letters."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^0-9a-z]", lambda sign: f"zz{ord(sign[0]):05x}", DROPPED.sub("", bare))


@lru_cache(maxsize=4_096)
def initials(name: str) -> str:
    """The first letters, 张伟 is ``zw``; of a Latin name each word's."""
    return "".join(word[:1] for part in _syllables(folded(name), tones=False) for word in part.split())[:60]


@lru_cache(maxsize=4_096)
def plain(name: str) -> str:
    """Pinyin without tones or blanks, 张伟 is ``zhangwei``."""
    return "".join(_syllables(folded(name), tones=False)).replace(" ", "")


def _syllables(name: str, *, tones: bool) -> list[str]:
    """The name as it is spoken, syllable by syllable; a surname in its own reading."""
    from pypinyin import Style, lazy_pinyin

    family, spoken = surname(name)
    if not tones:
        spoken = [syllable.rstrip("12345") for syllable in spoken]
    style = Style.TONE3 if tones else Style.NORMAL
    rest: list[str] = lazy_pinyin(name[len(family) :], style=style, neutral_tone_with_five=True)
    return [*spoken, *rest]
