"""Words for codes, in Chinese and English: the calculation speaks codes, every face says them through here.

The catalogue is ``base/words/*.yaml``: ``code: {zh: …, en: …}`` with places for the facts.

``{name}``          the fact as it is; several are listed, ``None`` is a dash
``{name:family}``   the fact's own word where the catalogue has ``family.<fact>``, else as it is; ``a|b`` tries both
``{one|other}``     the first of these facts that was given
``{name:%}``        a share of 1 in per cent
``{n:case/cases}``  the number, then the word as it goes with it: 1 case, 12 cases
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import TypeVar

from fuxiao.base.fast_yaml import load_plain
from fuxiao.core.errors import DefinitionError, FuxiaoError, Issue
from fuxiao.core.explain import figure

LANGUAGES = ("zh", "en")
LIST = {"zh": "、", "en": ", "}
GAP = {"zh": "", "en": " "}
LONG_TEXT = 300
NUMBERED = re.compile(r"\{(\w+):([^{}/]*/[^{}]*)\}")
Fact = TypeVar("Fact")


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every known code with its two sentences."""
    words: dict[str, Mapping[str, str]] = {}
    for file in sorted(resources.files("fuxiao.base").joinpath("words").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            words.update(load_plain(file.read_text(encoding="utf-8")))
    return words


def say(code: str, lang: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence for ``code`` in ``lang`` with the facts put in; the bare code where nobody wrote a sentence."""
    entry = catalogue().get(code)
    facts = _Facts({name: _Fact(value, lang) for name, value in (params or {}).items()})
    if entry is None:
        return code + (f" ({', '.join(f'{name}={fact}' for name, fact in facts.items())})" if facts else "")
    return numbered(entry[lang], params or {}).format_map(facts)


def numbered(sentence: str, facts: Mapping[str, object]) -> str:
    """The sentence with the words chosen that stand for one or for many; the numbers are still to be put in."""
    if "/" not in sentence:
        return sentence
    return NUMBERED.sub(lambda place: f"{{{place[1]}}} {form(place[2], facts.get(place[1]))}", sentence)


def form(words: str, count: object) -> str:
    """``case/cases`` as it goes with the number; a word of one form (Chinese has no other) as it is."""
    one, _, many = words.partition("/")
    return one if str(count) == "1" else many or one


@dataclass(frozen=True, slots=True)
class _Fact:
    """One fact on its way into a sentence."""

    value: object
    lang: str

    def __format__(self, families: str) -> str:
        """The fact as text; each part in its own word where one of the families (``a|b``) has it."""
        if isinstance(self.value, Mapping):  # a sentence of a definition, by language
            return _text(self.value.get(self.lang) or next(iter(self.value.values()), None))
        if isinstance(self.value, str) or not isinstance(self.value, Iterable):
            return self._word(self.value, families)
        return LIST[self.lang].join(self._word(part, families) for part in self.value)

    def _word(self, part: object, families: str) -> str:
        if families == "%":
            return f"{Decimal(str(part)) * 100:.0f}%"
        for family in families.split("|") if families else ():
            if (word := catalogue().get(f"{family}.{part}")) is not None:
                return word[self.lang]
        if families and ", " in str(part):  # a trace holds a list as one text
            return LIST[self.lang].join(self._word(each, families) for each in str(part).split(", "))
        return _text(part)


class _Facts(dict[str, _Fact]):
    """Leaves a place visible instead of failing when a fact is missing: an error message must never hide an error."""

    def __missing__(self, name: str) -> _Fact:
        return next((self[each] for each in name.split("|") if each in self), _Fact(f"{{{name}}}", LANGUAGES[0]))


def _text(part: object) -> str:
    """A plain fact; more than four digits behind the point are rounded."""
    if part is None:
        return "—"
    if isinstance(part, Decimal) and part.is_finite():
        return figure(round(part, 4)) if -int(part.as_tuple().exponent) > 4 else format(part, "f")
    return str(part)


def say_issue(issue: Issue, lang: str) -> str:
    """Where it stands and what is wrong with it; for an expression with a second and third line that point at it."""
    where = f"{_brief(issue.where)}: " if issue.where else ""
    return where + _with_hints(issue.code, lang, issue.params)


def say_error(error: FuxiaoError, lang: str) -> list[str]:
    """The lines a person should see: the sentence with the names that may have been meant, then every issue."""
    lines = [_with_hints(error.code, lang, error.params)]
    if isinstance(error, DefinitionError):
        lines += [f"  {_listed(issue, lang)}" for issue in error.issues]
    return lines


def _brief(fact: Fact) -> Fact | str:
    """A text that would fill the screen is cut: what is wrong with it shows at its beginning."""
    return f"{fact[:LONG_TEXT]}…" if isinstance(fact, str) and len(fact) > LONG_TEXT else fact


def _listed(issue: Issue, lang: str) -> str:
    """An issue among others: what would not have stopped anything is marked as a note."""
    note = say("definition.note", lang) if issue.severity == "warning" else ""
    return note + say_issue(issue, lang)


def _with_hints(code: str, lang: str, params: Mapping[str, object]) -> str:
    """The sentence, then what was meant (``near``) or can be (``choices``), the place in an expression (``shown``)."""
    params = {name: fact if name == "shown" else _brief(fact) for name, fact in params.items()}
    parts = [say(code, lang, params)]
    if params.get("near"):
        parts.append(say("did_you_mean", lang, params))
    if params.get("choices"):
        parts.append(say("choices", lang, params))
    if "shown" in params:
        parts.append(say("expression.at", lang, params))
    return GAP[lang].join(parts)
