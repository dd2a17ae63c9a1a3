"""Words for codes, in Chinese and English: the calculation speaks codes, every face says them through here.

The catalogue is ``base/words/*.yaml``: ``code: {zh: …, en: …}`` with ``{name}`` places for the facts.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib import resources

import yaml

from fuxiao.core.errors import DefinitionError, FuxiaoError, Issue, UnknownName

LANGUAGES = ("zh", "en")


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every known code with its two sentences."""
    words: dict[str, Mapping[str, str]] = {}
    for file in sorted(resources.files("fuxiao.base").joinpath("words").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            words.update(yaml.safe_load(file.read_text(encoding="utf-8")))
    return words


def say(code: str, lang: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence for ``code`` in ``lang`` with the facts put in; the bare code where nobody wrote a sentence."""
    entry = catalogue().get(code)
    facts = {name: _fact(value) for name, value in (params or {}).items()}
    if entry is None:
        return code + (f" ({', '.join(f'{k}={v}' for k, v in facts.items())})" if facts else "")
    return entry[lang].format_map(_Facts(facts))


class _Facts(dict[str, str]):
    """Leaves a place visible instead of failing when a fact is missing: an error message must never hide an error."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _fact(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return ", ".join(_fact(part) for part in value)


def say_issue(issue: Issue, lang: str) -> str:
    """One line: where it stands and what is wrong with it."""
    return f"{issue.where}: {say(issue.code, lang, issue.params)}"


def say_error(error: FuxiaoError, lang: str) -> list[str]:
    """The lines a person should see: the sentence, then every issue, then the names that may have been meant."""
    lines = [say(error.code, lang, error.params)]
    if isinstance(error, DefinitionError):
        lines += [f"  {say_issue(issue, lang)}" for issue in error.issues]
    if isinstance(error, UnknownName) and error.near:
        lines[0] += " " + say("did_you_mean", lang, {"near": error.near})
    return lines
