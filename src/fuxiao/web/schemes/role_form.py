"""The form of one role: its items with weight, curve and picture, the sum of the weights, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fuxiao.base.wording import say
from fuxiao.core.errors import FuxiaoError, Issue
from fuxiao.core.score import CURVES, TEAM_SCORE, build_curve
from fuxiao.core.score.curve import Param, parameters
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.library import Library
from fuxiao.performance.scheme_text import SHORT_CURVE
from fuxiao.web.library.presenters import KINDS
from fuxiao.web.schemes.drawing import CurvePicture, picture
from fuxiao.web.schemes.fields import Choice, Field, Fields, told
from fuxiao.web.schemes.wording import (
    CHOICES,
    TEAM_WORDS,
    choices,
    curve_name,
    direction_words,
    indicator_name,
    label,
    listed,
)
from fuxiao.web.words import language, t

SHOWN_FIRST = {SHORT_CURVE: 3}
"""So many parameters of a curve stand open; of other types all of the first four."""
TELLING = ("counter_waived", "counter_waived.zh", "counter_waived.en", "note")
DIMENSIONS = ("quality", "speed", "volume", "voice", "cost", "safety", "people")
Options = Sequence[tuple[str, Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class ItemForm:
    """One item. ``main`` are always open, ``more`` behind a fold; ``issues`` those that no field shows.

    An item that people judge has ``levels`` in place of a curve: a row each, best first, and an empty one.
    """

    place: int
    name: str
    about: str
    main: Sequence[Field]
    curve: Sequence[Field]
    more: Sequence[Field]
    drawn: CurvePicture | None
    spoken: str
    issues: Sequence[str]
    warnings: Sequence[str]
    weight: Decimal
    levels: Sequence[Sequence[Field]] = ()

    @property
    def opened(self) -> bool:
        """Whether something behind the fold is wrong, or explains the item."""
        return any(each.issues or (each.value and each.name.endswith(TELLING)) for each in self.more)


@dataclass(frozen=True, slots=True)
class RoleForm:
    """The form of one role; ``options`` are the indicators to choose from, by section."""

    key: str
    head: Sequence[Field]
    items: Sequence[ItemForm]
    options: Options
    total: Decimal
    issues: Sequence[str]

    @property
    def bar(self) -> list[tuple[Decimal, Decimal, str]]:
        """The weights side by side: where each begins, how wide it is, and its name; at most the whole width."""
        at, made = Decimal(0), []
        for item in self.items:
            width = min(max(item.weight, Decimal(0)), max(Decimal(0), 100 - at))
            made.append((at, width, item.name))
            at += width
        return made


def role_form(
    plain: Mapping[str, Any], key: str, library: Library, issues: Sequence[Issue],
    values: Mapping[str, tuple[Decimal, ...]],
) -> RoleForm:  # fmt: skip
    """``values`` are the last figures of the people in the role, by indicator: they are drawn under the curves."""
    path = f"roles.{key}"
    role = plain.get("roles", {}).get(key) or {}
    top = Fields(path, role, issues)
    rows = [row for row in role.get("items") or [] if isinstance(row, Mapping)]
    items = [_item(Fields(f"{path}.items[{at}]", row, issues), at, library, values) for at, row in enumerate(rows)]
    names, share = top.below("names"), top.below("share")
    head = [
        names.text("zh", words=t("岗位中文名", "Role in Chinese")), names.text("en", words=t("岗位英文名", "Role in English")),
        share.number("team", unit="%", help=t("总分里班组得分占多少；空着就全看本人。", "How much of the total is the team's score; empty: all own.")),
        top.check("front_line", usual=True, help=t("一线岗位的主观项目合计不能超过 30%。", "At the front line judged items weigh at most 30 %.")),
    ]  # fmt: skip
    here = [sentence for place in (path, f"{path}.items", f"{path}.share") for sentence in told(issues, place)]
    total = sum((each.weight for each in items), Decimal(0))
    return RoleForm(key, head, items, list(_options(library)), total, here)


def _item(at: Fields, place: int, library: Library, values: Mapping[str, tuple[Decimal, ...]]) -> ItemForm:
    if "rubric" in at.values:
        return judged_item(at, place)
    code = str(at.values.get("indicator") or "")
    indicator = library.indicators.get(code)
    names = {each.code: each.name[language()] for each in library}
    curve = at.below("curve")
    unit = threshold_unit(indicator, at.values)
    shown = curve_fields(curve, unit)
    first = SHOWN_FIRST.get(str(curve.values.get("type") or SHORT_CURVE), 4)
    main = [
        at.select("indicator", [(code, indicator_name(code, names))] if code else []),
        at.number("weight", unit="%"),
    ]
    more = [
        *shown[first:], at.select("scope", usual="own"), at.select("small_sample", [("", t("按方案", "as the scheme")), *choices("small_sample")]),
        at.select("dimension", [("", "—"), *((code, t(*KINDS[code])) for code in DIMENSIONS)]),
        at.check("tenure"), at.check("of_norm"), at.check("subjective"), at.number("raters_min"),
        *_waived(at), at.text("counter_in", help=t("写制衡指标的代码，例如 REO", "the code of the counter-indicator, e.g. REO")),
        at.text("note", "area"),
    ]  # fmt: skip
    # Multiples of each one's own norm have no place for the figures themselves.
    drawn = _drawn(at.values.get("curve"), () if at.values.get("of_norm") else values.get(code, ()))
    return ItemForm(
        place, indicator_name(code, names) if code else t("还没有选指标", "No indicator chosen"), _about(indicator, at.values.get("scope"), library), main,
        [curve.select("type", _curve_choices()), *shown[:first]], more, drawn,
        _spoken(drawn, indicator), *beside(at, (*main, *shown, *more)), _weight(at.values),
    )  # fmt: skip


def _waived(at: Fields) -> list[Field]:
    """Why there is no counter-indicator: a sentence, or one a language where the scheme has them."""
    if not isinstance(at.values.get("counter_waived"), Mapping):
        return [at.text("counter_waived")]
    told_of, why = at.below("counter_waived"), label("counter_waived")
    return [
        told_of.text("zh", words=f"{why} · {t('中文', 'Chinese')}"),
        told_of.text("en", words=f"{why} · {t('英文', 'English')}"),
    ]


def beside(at: Fields, seen: Sequence[Field]) -> tuple[list[str], list[str]]:
    """The errors of an item that none of its fields shows, and its warnings."""
    names = {field.name for field in seen}
    inside = [issue for issue in at.issues if f"{issue.where}.".startswith(f"{at.path}.")]
    errors = [i for i in inside if i.severity == "error" and i.where not in names]
    warnings = [i for i in inside if i.severity == "warning"]
    return [s for i in errors for s in told([i], i.where)], [s for i in warnings for s in told([i], i.where)]


def judged_item(at: Fields, place: int) -> ItemForm:
    """An item that people judge: what it is called, who rates, and each level in words."""
    names = at.below("names")
    panel = at.values.get("rated_by") == "panel"
    main = [
        names.text("zh", words=t("评价项目（中文）", "Judged item in Chinese")),
        names.text("en", words=t("英文名", "Name in English")), at.number("weight", unit="%"), at.select("rated_by", usual="lead"),
    ]  # fmt: skip
    rows = at.values.get("rubric")
    kept = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    levels = [_level(Fields(f"{at.path}.rubric[{n}]", row, at.issues)) for n, row in enumerate([*kept, {}])]
    more = [
        *([at.number("raters_min", help=t("少于这么多人评分，只展示不计分。", "With fewer ratings it is shown and not scored."))] if panel else []),
        at.text("indicator", words=t("代码", "Code")),
        at.select("dimension", [("", "—"), *((code, t(*KINDS[code])) for code in DIMENSIONS)]), at.text("note", "area"),
    ]  # fmt: skip
    name = str(at.values.get("names", {}).get(language()) or t("还没有名称的评价项目", "A judged item without a name"))
    about = t("由人评价 · 在主管评语中评分", "judged by people, in the lead's review")
    seen = (*main, *more, *(field for row in levels for field in row))
    return ItemForm(place, name, about, main, (), more, None, "", *beside(at, seen), _weight(at.values), levels)


def _level(row: Fields) -> list[Field]:
    seen = t("看到什么才给这一档", "What must be seen for it")
    return [row.number("points", unit=t("分", "pts")), row.text("zh", words=f"{seen} · {t('中文', 'Chinese')}"),
            row.text("en", words=f"{seen} · {t('英文', 'English')}")]  # fmt: skip


def curve_fields(curve: Fields, unit: str) -> list[Field]:
    """The parameters of a curve type, thresholds with the indicator's unit."""
    kind = CURVES.get(str(curve.values.get("type") or SHORT_CURVE))
    return [_parameter(curve, name, param, unit) for name, param in parameters(kind).items()] if kind else []


def _parameter(curve: Fields, name: str, param: Param, unit: str) -> Field:
    if param.kind == "choice":
        return curve.select(name, choices(name) if name in CHOICES else [(c, c) for c in param.choices])
    if param.kind == "tiers":
        return curve.text(name, help=t("例如 98: 100, 95: 90", "for example 98: 100, 95: 90"))
    points = name.endswith("points") or name in ("worth", "each", "cap", "given", "otherwise")
    return curve.number(name, unit=t("分", "pts") if points else unit)


def _curve_choices() -> list[Choice]:
    return [(key, curve_name(key)) for key, kind in CURVES.items() if kind.for_items]


def threshold_unit(indicator: Indicator | None, row: Mapping[str, Any]) -> str:
    """The unit of an item's thresholds; empty for a number without one."""
    if row.get("of_norm") is True:
        return t("倍", "×")
    return "" if indicator is None else say(f"unit.{indicator.unit}", language()).strip()


def _about(indicator: Indicator | None, scope: object, library: Library) -> str:
    """Which way is better, and what must stand beside a speed or volume indicator."""
    if indicator is None:
        return ""
    direction = indicator.by(("team",) if scope == "team" else ("person",)).direction
    counters = [library.indicators[code].name[language()] for code in indicator.counter if code in library.indicators]
    told_of = [t(*KINDS.get(indicator.kind, (indicator.kind, indicator.kind))), direction_words(direction)]
    if indicator.kind in ("speed", "volume") and counters:
        told_of.append(
            t("须配制衡指标：{names} 之一", "needs a counter-indicator: one of {names}", names=listed(counters))
        )
    return " · ".join(told_of)


def _drawn(spec: object, values: tuple[Decimal, ...]) -> CurvePicture | None:
    """The picture of a curve that can be built; nothing while its numbers do not fit yet."""
    if not isinstance(spec, Mapping):
        return None
    try:
        curve = build_curve(str(spec.get("type")), {name: each for name, each in spec.items() if name != "type"})
    except FuxiaoError:
        return None
    return picture(curve, values)


def _spoken(drawn: CurvePicture | None, indicator: Indicator | None) -> str:
    if drawn is None:
        return ""
    name = indicator.name[language()] if indicator else label("curve")
    return t(
        "{name}的计分曲线：{marks}", "Curve of {name}: {marks}", name=name, marks=listed([m.text for m in drawn.marks])
    )


def _weight(row: Mapping[str, Any]) -> Decimal:
    given = row.get("weight")
    return Decimal(given) if isinstance(given, int | Decimal) and not isinstance(given, bool) else Decimal(0)


def _options(library: Library) -> Iterator[tuple[str, Sequence[Choice]]]:
    for section in library.sections:
        yield section.name[language()], [(i.code, f"{i.name[language()]} {i.code}") for i in section.indicators]
    yield t(*TEAM_WORDS), [(TEAM_SCORE, t(*TEAM_WORDS))]
