"""The pages of what a scheme and a plan are made of, and of the gaming signals."""

from __future__ import annotations

import inspect
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from typing import Any, cast, get_args, get_origin, get_type_hints

from fuxiao.cli.docs.markdown import NOTE, bullets, page, table, ticks
from fuxiao.core.bonus.curve import Knot
from fuxiao.core.bonus.factors import Coefficients, Factor
from fuxiao.core.bonus.multiplier import Multiplier
from fuxiao.core.bonus.plan import Defaults, Plan, Role
from fuxiao.core.bonus.reader import Label
from fuxiao.core.bonus.reader import parameters as declared
from fuxiao.core.bonus.registry import TYPES
from fuxiao.core.bonus.rules import AttendanceRule, Eligibility, Gate, HoldBack, MinimumWage, PoolRule, StepText
from fuxiao.core.bonus.tiers import Tier
from fuxiao.core.gaming.registry import KINDS, Kind
from fuxiao.core.score import curves_aim, curves_line, curves_payout, curves_step
from fuxiao.core.score.curve import CURVES, Curve
from fuxiao.core.score.curve import parameters as curve_parameters

REGISTERS = (curves_line, curves_aim, curves_step, curves_payout)
"""Modules that make curves known when they are read."""
PARTS: tuple[tuple[str, type[Any]], ...] = (
    ("The plan", Plan), ("A role", Role), ("Multiplier", Multiplier), ("Tier", Tier), ("Knot", Knot), ("Defaults", Defaults), ("coefficients", Coefficients),
    ("factors", Factor), ("pools", PoolRule), ("gates", Gate), ("hold_back", HoldBack),
    ("minimum_wage", MinimumWage), ("attendance", AttendanceRule), ("eligibility", Eligibility),
    ("procedure", StepText),
)  # fmt: skip


def curves_page() -> str:
    """Every curve with its key and parameters."""
    intro = (
        "A curve turns a value into points. In a scheme: `curve: {type: KEY, …}` on an item; `floor`, `target`, "
        "`stretch` on the item itself are short for `floor_target_stretch`. "
        "考核方案里每一项用一条曲线把数值变成得分；直接写 floor/target/stretch 就是 `floor_target_stretch`。"
    )
    return page("Scoring curves 评分曲线", intro, *(part for c in CURVES.values() for part in _curve(c)))


def _curve(curve: type[Curve]) -> Iterator[str]:
    yield f"## {curve.key}"
    yield f"{curve.names['zh']} · {curve.names['en']}"
    yield _text(curve)
    yield "" if curve.for_items else "Not for items of a scorecard."
    defaults = {f.name: f for f in fields(curve)}  # type: ignore[arg-type]
    rows = (
        (ticks(name), p.kind, _default(defaults[name]), ", ".join(map(ticks, p.choices)))
        for name, p in curve_parameters(curve).items()
    )
    yield table(("parameter", "kind", "default", "choices"), rows)


def plan_page() -> str:
    """What a plan may say: components by type, then every other table."""
    intro = (
        "A plan says how scorecards become amounts. Each role has a list of `components`; each component names its "
        "`type`. Everything below is read from the program, so a key that is not here is refused. "
        "奖金方案的每个岗位由若干 `components` 组成，`type` 决定算法；这里没有列出的键一律拒绝。"
    )
    types = [part for key, kind in TYPES.items() for part in _record(f"type: {key}", kind)]
    rest = [part for title, kind in PARTS for part in _record(title, kind)]
    return page("Plan components 奖金方案的组成", intro, "## Components", *types, "## The rest of a plan", *rest)


def _record(title: str, kind: type[Any]) -> Iterator[str]:
    label = getattr(kind, "LABEL", None)
    yield f"### {title}" + (f" · {label.zh} · {label.en}" if isinstance(label, Label) else "")
    yield _text(kind)
    rows = (
        (ticks(key), _type(kind, each.attribute), _default(_field(kind, each.attribute)))
        for key, each in declared(cast("Hashable", kind)).items()
    )
    yield table(("key", "kind", "default"), rows)


def _field(kind: type[Any], name: str) -> Field[Any]:
    return next(each for each in fields(kind) if each.name == name)


WORDS = {
    "Decimal": "number", "str": "text", "bool": "true/false", "Mapping": "table", "tuple": "list", "date": "day",
    "Label": "text, or {zh, en}",
}  # fmt: skip
"""What a person calls the annotation of a field; a record is called by its own name."""


def _type(kind: type[Any], name: str) -> str:
    """What may be written for a field: a word for its type, or the choices it leaves."""
    hint = get_type_hints(kind)[name]
    whole = next((each for each in get_args(hint) if each is not type(None)), hint) if "|" in str(hint) else hint
    if isinstance(whole, type) and issubclass(whole, StrEnum):
        return ", ".join(ticks(each.value) for each in whole)
    bare = getattr(get_origin(whole) or whole, "__name__", str(whole))
    return WORDS.get(bare, bare)


def _default(each: Field[Any]) -> str:
    """How a field is filled where nothing is written."""
    if each.default is MISSING and each.default_factory is MISSING:
        return "**required**"
    value = None if each.default is MISSING else each.default
    plain = getattr(value, "value", value)
    return ticks(str(plain).lower() if isinstance(plain, bool) else plain) if _plain(plain) else ""


def _plain(value: object) -> bool:
    return value not in (None, "", ()) and type(value).__name__ in {"Decimal", "str", "bool", "int"}


def _text(kind: type[Any]) -> str:
    return inspect.cleandoc(kind.__doc__ or "").replace("``", "`")


SIGNALS = {
    "zh": "作弊信号只开启人工复核，从不改变得分和金额。门槛是起始值，由本部门决定。",
    "en": "A signal opens a review by a person and changes no score and no amount. Thresholds are starting values.",
}


def signals_page(lang: str) -> str:
    """Every kind of signal with its detectors and thresholds, in one language."""
    title = "作弊信号" if lang == "zh" else "Gaming signals"
    return page(title, SIGNALS[lang], *(part for kind in KINDS for part in _signal(kind, lang)), note=NOTE[lang])


def _signal(kind: Kind, lang: str) -> Iterator[str]:
    cure = "怎么办" if lang == "zh" else "What cures it"
    yield f"## {kind.code} {kind.name.of(lang)}"
    yield f"{kind.meaning.of(lang)}\n{cure}: {kind.cure.of(lang)}"
    yield bullets(f"{ticks(each.key)}: {_limits(each.limits.numbers())}" for each in kind.detectors)


def _limits(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {number:g}" for name, number in numbers.items())
