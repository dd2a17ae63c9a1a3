"""Words of the pages in the reader's language: both are written where they are used, so none can be missing."""

from __future__ import annotations

from django.utils import translation
from django.utils.functional import lazy

from fuxiao.base.wording import numbered

ZH, EN = "zh", "en"


def language() -> str:
    """``zh`` or ``en``: the language of the page being made, in the form that the calculation's words know."""
    return EN if (translation.get_language() or "").startswith("en") else ZH


def t(zh: str, en: str, **facts: object) -> str:
    """One of the two sentences with the facts put in, for example ``t("共 {n} 行", "{n:row/rows}", n=3)``."""
    words = en if language() == EN else zh
    return numbered(words, facts).format_map(facts) if facts else words


later = lazy(t, str)
"""The same, decided when it is shown: for form labels and other things that are made once."""
