"""Reads the roles of a scheme and checks what can only be judged on a role as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.errors import did_you_mean
from fuxiao.core.indicator import Direction
from fuxiao.core.score.curve import Curve
from fuxiao.core.score.curves_line import FloorTargetStretch
from fuxiao.core.score.curves_step import Constant, Rating
from fuxiao.core.score.judged import CODE, HIGHEST, Raters, read_rubric
from fuxiao.core.score.read_rules import read_curve
from fuxiao.core.score.scheme import TEAM_SCORE, IndicatorInfo, Item, Role, Scope, SmallSample
from fuxiao.core.score.section import Section

THRESHOLDS = ("floor", "target", "stretch")
ITEM_KEYS = (
    *("indicator", "weight", "curve", *THRESHOLDS, "scope", "small_sample", "tenure", "of_norm"),
    *("raters_min", "subjective", "dimension", "counter_in", "counter_waived", "note", "rubric", "rated_by", "names"),
)
NEED_COUNTERS = ("speed", "volume")
SUBJECTIVE_LIMIT = 30
FEWEST, MOST = 3, 8
TEAM_INFO = IndicatorInfo(Direction.HIGHER, "team")


@dataclass(frozen=True, slots=True)
class Around:
    """What items refer to: known indicators, the scheme's sample rule, whether it has a learning period."""

    known: Mapping[str, IndicatorInfo]
    small: SmallSample
    learning: bool


def read_roles(
    top: Section, indicators: Mapping[str, IndicatorInfo], *, small: SmallSample, learning: bool
) -> dict[str, Role]:
    """``roles: {key: {names, front_line, positions, share, items}}``; at least one."""
    around = Around({TEAM_SCORE: TEAM_INFO, **indicators}, small, learning)
    roles = {key: _role(key, part, around) for key, part in top.named_sections("roles")}
    if not roles:
        top.error("roles", "scheme.no_roles")
    _check_positions(top, roles)
    return roles


def _check_positions(top: Section, roles: Mapping[str, Role]) -> None:
    """One role covers a position, or none: the role of its own key, or the one that names it."""
    held = {key: key for key in roles}
    for role in roles.values():
        for place, position in enumerate(role.positions):
            other = held.setdefault(position, role.key)
            if other != role.key:
                where = f"roles.{role.key}.positions[{place}]"
                top.error(where, "scheme.position_twice", position=position, role=other)


def _role(key: str, part: Section, around: Around) -> Role:
    part.only("names", "front_line", "positions", "share", "items", "normalise")
    rows = list(part.sections("items"))
    items = tuple(_item(row, around) for row in rows)
    role = Role(
        key, items, part.section("names").texts(), _team_share(part), part.flag("front_line", default=True),
        part.words("positions"),
    )  # fmt: skip
    _check_weights(part, rows, items)
    _check_size(part, items)
    _check_subjective(part, role)
    for row, item in zip(rows, items, strict=True):
        _check_counter(row, item, around.known, {i.indicator for i in items})
    return role


def _team_share(part: Section) -> Fraction:
    if not part.has("share"):
        return Fraction(0)
    share = part.section("share")
    share.only("own", "team")
    own, team = share.number_or("own", Decimal(0)), share.number_or("team", Decimal(0))
    if own + team != 100 or own < 0 or team < 0:
        share.error("", "scheme.shares_not_100", sum=own + team)
    return Fraction(team) / 100


def _item(row: Section, around: Around) -> Item:
    row.only(*ITEM_KEYS)
    rubric = read_rubric(row)
    curve = _item_curve(row) if rubric is None else _judged_curve(row)
    item = Item(
        indicator=row.text("indicator"),
        weight=row.number("weight") or Decimal(0),
        curve=curve or Constant(Decimal(0)),
        scope=Scope(row.choice("scope", tuple(Scope), Scope.OWN)),
        small=SmallSample(row.choice("small_sample", tuple(SmallSample), around.small)),
        tenure=row.flag("tenure", default=False),
        of_norm=row.flag("of_norm", default=False),
        raters_min=int(row.number_or("raters_min", Decimal(0))),
        subjective=row.flag("subjective", default=curve is not None and curve.subjective),
        dimension=row.text("dimension", ""),
        counter_in=row.text("counter_in", ""),
        counter_waived=row.told("counter_waived"),
        rubric=rubric,
    )
    _check_item(row, item, around)
    return item


def _item_curve(row: Section) -> Curve | None:
    """The curve under ``curve``, or the shorthand ``floor``, ``target``, ``stretch`` on the item itself."""
    short = [key for key in THRESHOLDS if row.has(key)]
    if short and row.has("curve"):
        row.error("curve", "scheme.two_curves", also=short)
    if row.has("curve"):
        curve = read_curve(row)
        if curve is not None and not curve.for_items:
            row.error("curve.type", "scheme.curve_not_for_items", got=curve.key)
        return curve
    if not short:
        row.error("curve", "scheme.no_curve")
        return None
    params = {"type": FloorTargetStretch.key} | {key: row.data[key] for key in short}
    return read_curve(Section(row.where, {"curve": params}, row.issues))


def _judged_curve(row: Section) -> Curve:
    """A rating is worth the points of its level; an item that people judge says nothing else of its points."""
    for key in ("curve", *THRESHOLDS):
        if row.has(key):
            row.error(key, "scheme.rubric_with_curve")
    return Rating(HIGHEST)


def _check_judged(row: Section, item: Item, by: Raters, known: Mapping[str, IndicatorInfo]) -> None:
    if not CODE.fullmatch(item.indicator):
        row.error("indicator", "scheme.rubric_code", code=item.indicator)
    if item.indicator in known:
        row.error("indicator", "scheme.rubric_code_taken", code=item.indicator)
    if item.scope is not Scope.OWN or item.tenure or item.of_norm or not item.subjective:
        row.error("rubric", "scheme.rubric_is_own")
    if by is Raters.LEAD and item.raters_min > 1:
        row.error("raters_min", "scheme.rubric_one_rater")


def _check_item(row: Section, item: Item, around: Around) -> None:
    if row.has("weight") and item.weight <= 0:
        row.error("weight", "number.not_positive", got=item.weight)
    if item.indicator == TEAM_SCORE and item.scope is not Scope.TEAM:
        row.error("scope", "scheme.team_score_scope")
    if item.tenure and not around.learning:
        row.error("tenure", "scheme.tenure_without_factors")
    if item.tenure and item.curve.direction not in (None, Direction.HIGHER):
        row.error("tenure", "scheme.tenure_not_higher", indicator=item.indicator)
    known = around.known
    if item.rubric is not None:
        _check_judged(row, item, item.rubric.by, known)
    elif item.indicator in known:
        _check_direction(row, item, known[item.indicator].better(item.scope))
    elif item.indicator:
        row.error("indicator", "indicator.unknown", code=item.indicator, near=did_you_mean(item.indicator, known))


def _check_direction(row: Section, item: Item, better: Direction) -> None:
    """A curve must rise the way the indicator gets better; a range may stand for either way."""
    rises = item.curve.direction
    if rises is None or rises is better or rises is Direction.RANGE:
        return
    if better is Direction.RANGE:
        row.warn("curve", "scheme.range_expected", indicator=item.indicator, rises=rises.value)
    else:
        where = "curve" if row.has("curve") else "target"
        row.error(where, "scheme.direction", indicator=item.indicator, better=better.value, rises=rises.value)


def _check_weights(part: Section, rows: Sequence[Section], items: Sequence[Item]) -> None:
    codes = [item.indicator for item in items]
    for row, code, before in zip(rows, codes, (codes[:i] for i in range(len(codes))), strict=True):
        if code and code in before:
            row.error("indicator", "scheme.indicator_twice", code=code)
    total = sum(item.weight for item in items)
    if any(item.weight <= 0 for item in items) or total == 100:
        return
    if part.flag("normalise", default=False):
        part.warn("items", "scheme.weights_normalised", sum=total)
    else:
        part.error("items", "scheme.weights_not_100", sum=total)


def _check_size(part: Section, items: Sequence[Item]) -> None:
    if not items:
        part.error("items", "scheme.no_items")
    elif not FEWEST <= len(items) <= MOST:
        part.warn("items", "scheme.item_count", count=len(items), fewest=FEWEST, most=MOST)


def _check_subjective(part: Section, role: Role) -> None:
    """At the front line at least 70 % of the weight is measured, not judged; elsewhere it is worth a second look."""
    total = sum(item.weight for item in role.items)
    subjective = sum(item.weight for item in role.items if item.subjective)
    if total > 0 and subjective * 100 > SUBJECTIVE_LIMIT * total:
        note = part.error if role.front_line else part.warn
        note("items", "scheme.subjective_over", share=subjective * 100 / total, limit=SUBJECTIVE_LIMIT)


def _check_counter(row: Section, item: Item, known: Mapping[str, IndicatorInfo], in_role: set[str]) -> None:
    """A speed or volume indicator brings one of its counter-indicators into the role, or says why not."""
    info = known.get(item.indicator)
    if item.counter_in and item.counter_in not in known:
        near = did_you_mean(item.counter_in, known)
        row.error("counter_in", "indicator.unknown", code=item.counter_in, near=near)
    if item.counter_in and not item.counter_waived:
        row.error("counter_waived", "scheme.counter_reason_missing", indicator=item.indicator)
    if info is None or info.kind not in NEED_COUNTERS or not info.counters or in_role & set(info.counters):
        return
    if item.counter_waived:
        facts = {"indicator": item.indicator, "counter_in": item.counter_in, "reason": item.counter_waived}
        row.warn("counter_waived", "scheme.counter_waived", **facts)
    else:
        row.error("indicator", "scheme.counter_missing", indicator=item.indicator, counters=info.counters)
