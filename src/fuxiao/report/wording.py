"""The words of the report in Chinese and English: whole sentences with ``{places}``, none glued together."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

import yaml

from fuxiao.base.wording import LANGUAGES, form, numbered
from fuxiao.core.errors import UnknownName


@functools.cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All sentences of one language by key; ``UnknownName`` for a language nobody wrote."""
    if lang not in LANGUAGES:
        raise UnknownName("language", lang, LANGUAGES)
    text = resources.files("fuxiao.report").joinpath("words", f"{lang}.yaml").read_text(encoding="utf-8")
    return {str(key): str(words) for key, words in yaml.safe_load(text).items()}


class Words:
    """Says a key in one language; calling it with a key that nobody wrote is a ``KeyError``: a fault of ours."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._known = catalogue(lang)

    def __call__(self, key: str, /, **facts: object) -> str:
        text = self._known[key]
        return numbered(text, facts).format_map({name: str(fact) for name, fact in facts.items()}) if facts else text

    def or_code(self, prefix: str, code: str, /, **facts: object) -> str:
        """As calling with ``prefix.code``, but a code that has no words yet stays visible instead of failing."""
        return self(f"{prefix}.{code}", **facts) if f"{prefix}.{code}" in self._known else code

    def or_key(self, prefix: str, key: str) -> str:
        """The words for ``prefix.key``; the key itself where it is the user's own (a grade, a dimension, an event)."""
        return self._known.get(f"{prefix}.{key}", key)

    def or_nothing(self, prefix: str, key: str) -> str:
        """The words for ``prefix.key``, or an empty text."""
        return self._known.get(f"{prefix}.{key}", "")

    def counted(self, dataset: str, count: object) -> str:
        """What the records of a dataset are called beside their number: ``case`` after 1, ``cases`` after 12."""
        return form(self.or_nothing("counted", dataset) or self("counted.rows"), count)

    def of(self, both: Mapping[str, str], fallback: str = "") -> str:
        """This language's text of a definition that carries both."""
        return both.get(self.lang) or both.get("en") or next(iter(both.values()), fallback)
