"""Reads the parts of a scheme that hold for every role: grades, coefficients, points, vetoes, limits, distribution."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from fuxiao.core.errors import DefinitionError, Issue, UnknownName, did_you_mean
from fuxiao.core.score.curve import Curve, build_curve, plain_number
from fuxiao.core.score.curves_payout import Payout
from fuxiao.core.score.curves_step import Bonus, Deduction
from fuxiao.core.score.event import EventPoints, PointRule, PointSide, ValuePoints, VetoMode, VetoRule
from fuxiao.core.score.gate import GateRule
from fuxiao.core.score.grade import Band, CoefficientRule, Grades
from fuxiao.core.score.scheme import Distribution, Limits
from fuxiao.core.score.section import Section

DEFAULT_GRADES = Grades(tuple(Band(g, Decimal(low)) for g, low in zip("SABCD", (95, 85, 70, 60, 0), strict=True)))
LEAST_GROUP = 10


def read_grades(top: Section) -> Grades:
    """``grades: {S: 95, …}``: lower bounds, best first; the last grade catches the rest."""
    if not top.has("grades"):
        return DEFAULT_GRADES
    bounds = top.section("grades").numbers()
    if len(bounds) < 2 or any(better <= worse for better, worse in pairwise(bounds.values())):
        top.error("grades", "scheme.grades_order", bounds=", ".join(f"{g} {b}" for g, b in bounds.items()))
        return DEFAULT_GRADES
    return Grades(tuple(Band(grade, lower) for grade, lower in bounds.items()))


def read_coefficients(top: Section, grades: Grades) -> CoefficientRule:
    """``coefficients: {S: 1.5, …}`` or ``{kind: table | score | linear | payout, …}``."""
    part = top.section("coefficients")
    if not part.has("kind"):
        return CoefficientRule("table", _by_grade(part, grades), {})
    kind = part.choice("kind", ("table", "score", "linear", "payout"), "score")
    part.only("kind", "least", "most", {"table": "table", "linear": "bands", "payout": "curve"}.get(kind, "kind"))
    table = _by_grade(part.section("table"), grades) if kind == "table" else {}
    across = _across(part.section("bands"), grades) if kind == "linear" else {}
    curve = _payout(part) if kind == "payout" else None
    return CoefficientRule(kind, table, across, curve, part.optional("least"), part.optional("most"))


def _by_grade(part: Section, grades: Grades) -> dict[str, Decimal]:
    """A number for each grade, none better for a worse grade."""
    part.only(*grades.names)
    found = {grade: part.number(grade) for grade in grades.names}
    table = {grade: number for grade, number in found.items() if number is not None}
    if any(better < worse for better, worse in pairwise(table.values())):
        part.error("", "scheme.coefficients_order")
    return table


def _across(part: Section, grades: Grades) -> dict[str, tuple[Decimal, Decimal]]:
    """For each grade the coefficient at the lower and the upper end of its band."""
    part.only(*grades.names)
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for grade in grades.names:
        ends = part.data.get(grade)
        numbers = [plain_number(end) for end in ends] if isinstance(ends, list | tuple) else []
        good = [n for n in numbers if n is not None]
        if len(good) != 2 or len(numbers) != 2 or good[0] > good[1]:
            part.error(grade, "scheme.coefficient_ends", got=str(ends))
        else:
            found[grade] = (good[0], good[1])
    return found


def _payout(part: Section) -> Payout | None:
    curve = read_curve(part, default="payout")
    if curve is not None and not isinstance(curve, Payout):
        part.error("curve", "scheme.payout_curve_expected", got=curve.key)
    return curve if isinstance(curve, Payout) else None


def read_curve(part: Section, default: str | None = None) -> Curve | None:
    """``curve: {type: …, parameters}``; ``None`` after noting every issue."""
    spec = part.section("curve")
    key = spec.text("type", default)
    if not key:
        return None
    try:
        return build_curve(key, {name: value for name, value in spec.data.items() if name != "type"})
    except UnknownName as unknown:
        spec.error("type", "curve.unknown", got=key, near=unknown.near)
    except DefinitionError as refused:
        part.issues.extend(Issue(spec.path(i.where), i.code, i.params, i.severity) for i in refused.issues)
    return None


def read_points(top: Section, key: str, indicators: Mapping[str, object]) -> PointSide:
    """``bonus`` or ``deductions``: ``{cap: 5, rules: [{event, points, cap} | {indicator, curve}]}``."""
    part = top.section(key)
    part.only("cap", "rules")
    rules = [_point_rule(row, indicators) for row in part.sections("rules")]
    if rules and not part.has("cap") and key == "bonus":
        part.error("cap", "scheme.bonus_without_cap")
    return PointSide(tuple(rule for rule in rules if rule is not None), part.optional("cap"))


def _point_rule(row: Section, indicators: Mapping[str, object]) -> PointRule | None:
    if not row.has("indicator"):
        row.only("event", "points", "cap")
        event, points = row.text("event"), row.number("points")
        return None if points is None else EventPoints(event, points, row.optional("cap"))
    row.only("indicator", "curve")
    code, curve = row.text("indicator"), read_curve(row)
    if code not in indicators:
        row.error("indicator", "indicator.unknown", code=code, near=did_you_mean(code, indicators))
    if curve is not None and not isinstance(curve, Bonus | Deduction):
        row.error("curve", "scheme.points_curve_expected", got=curve.key, known=(Bonus.key, Deduction.key))
    return ValuePoints(code, curve) if isinstance(curve, Bonus | Deduction) else None


def read_vetoes(top: Section, grades: Grades) -> tuple[VetoRule, ...]:
    """``vetoes: [{event, mode: zero | cap | grade_cap, limit, grade}]``."""
    return tuple(_veto(row, grades) for row in top.sections("vetoes"))


def _veto(row: Section, grades: Grades) -> VetoRule:
    row.only("event", "mode", "limit", "grade", "names")
    mode = VetoMode(row.choice("mode", tuple(VetoMode), VetoMode.GRADE_CAP))
    if row.has("grade") != (mode is VetoMode.GRADE_CAP):
        row.error("grade", "scheme.veto_grade_with_mode", mode=mode.value)
    if row.has("limit") and mode is not VetoMode.CAP:
        row.error("limit", "scheme.veto_limit_with_mode", mode=mode.value)
    grade = row.choice("grade", grades.names, grades.worst)
    return VetoRule(row.text("event"), mode, row.number_or("limit", Decimal(59)), grade)


def read_gates(top: Section, grades: Grades, indicators: Mapping[str, object]) -> tuple[GateRule, ...]:
    """``gates: [{indicator, least, most, mode: cap | grade_cap, limit, grade, roles}]``."""
    roles = top.section("roles").data if top.has("gates") else {}
    return tuple(_gate(row, grades, indicators, roles) for row in top.sections("gates"))


def _gate(row: Section, grades: Grades, indicators: Mapping[str, object], roles: Mapping[str, object]) -> GateRule:
    row.only("indicator", "least", "most", "mode", "limit", "grade", "roles")
    mode = VetoMode(row.choice("mode", (VetoMode.GRADE_CAP, VetoMode.CAP), VetoMode.GRADE_CAP))
    code, least, most = row.text("indicator"), row.optional("least"), row.optional("most")
    if code not in indicators:
        row.error("indicator", "indicator.unknown", code=code, near=did_you_mean(code, indicators))
    if (least is None and most is None) or (least is not None and most is not None and least > most):
        row.error("least", "scheme.gate_bound")
    grade = row.choice("grade", grades.names, grades.worst) if mode is VetoMode.GRADE_CAP else grades.worst
    if mode is VetoMode.GRADE_CAP and not row.has("grade"):
        row.error("grade", "key.missing", key="grade")
    limit = row.number("limit") if mode is VetoMode.CAP else None
    return GateRule(code, least, most, mode, limit or Decimal(0), grade, _roles(row, roles))


def _roles(row: Section, known: Mapping[str, object]) -> tuple[str, ...]:
    """The roles that a rule names, as a list or one word."""
    given = row.data.get("roles") or ()
    names = tuple(str(each) for each in (given if isinstance(given, list | tuple) else [given]))
    for name in names:
        if name not in known:
            row.error("roles", "scheme.role_unknown", role=name, near=did_you_mean(name, known))
    return names


def read_limits(top: Section) -> Limits:
    """``limits: {missing_share, unrated_coefficient, lowest, highest}``."""
    part, usual = top.section("limits"), Limits()
    part.only("missing_share", "unrated_coefficient", "lowest", "highest")
    limits = Limits(
        part.number_or("missing_share", usual.missing_share),
        part.number_or("unrated_coefficient", usual.unrated_coefficient),
        part.number_or("lowest", usual.lowest),
        part.number_or("highest", usual.highest),
    )
    if limits.lowest >= limits.highest:
        part.error("highest", "scheme.limits_order", lowest=limits.lowest, highest=limits.highest)
    if not 0 <= limits.missing_share <= 100:
        part.error("missing_share", "number.out_of_range", lowest=0, highest=100, got=limits.missing_share)
    return limits


def read_distribution(top: Section, grades: Grades) -> Distribution:
    """``distribution: {enabled, minimum, shares: {S: 10, …}}``; a guard refuses small groups."""
    part = top.section("distribution")
    part.only("enabled", "minimum", "shares")
    enabled = part.flag("enabled", default=False)
    minimum = part.number_or("minimum", Decimal(LEAST_GROUP))
    if minimum < LEAST_GROUP:
        part.error("minimum", "scheme.distribution_minimum", got=minimum, least=LEAST_GROUP)
    if enabled:
        part.warn("enabled", "scheme.distribution_on")
    shares = _shares(part.section("shares"), grades) if enabled or part.has("shares") else {}
    return Distribution(shares, enabled, int(minimum))


def _shares(part: Section, grades: Grades) -> dict[str, Decimal]:
    """A share for each grade, best first, in % adding up to 100; grades left out get none."""
    part.only(*grades.names)
    given = {grade: part.number_or(grade, Decimal(0)) for grade in grades.names}
    if sum(given.values()) != 100 or any(share < 0 for share in given.values()):
        part.error("", "scheme.shares_not_100", sum=sum(given.values()))
    return given


def read_tenure(top: Section) -> dict[int, Decimal]:
    """``tenure: {1: 0.60, 2: 0.75, …}``: the share of the target asked for in a month of service."""
    part = top.section("tenure")
    found: dict[int, Decimal] = {}
    for month, factor in part.numbers().items():
        if not month.isdecimal() or int(month) < 1 or not 0 < factor <= 1:
            part.error(month, "scheme.tenure_factor", month=month, got=factor)
        else:
            found[int(month)] = factor
    return found
