"""Reads a scheme from plain values and refuses it with the whole list of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from fuxiao.core.errors import DefinitionError, Issue
from fuxiao.core.score.judged import read_ratings
from fuxiao.core.score.rank import RANKINGS
from fuxiao.core.score.read_roles import read_roles
from fuxiao.core.score.read_rules import (
    read_coefficients,
    read_distribution,
    read_gates,
    read_grades,
    read_limits,
    read_points,
    read_tenure,
    read_vetoes,
)
from fuxiao.core.score.scheme import IndicatorInfo, Scheme, SmallSample
from fuxiao.core.score.section import section_at

CYCLES = ("week", "month", "quarter", "half", "year")
KEYS = (
    *("scheme", "version", "names", "cycle", "small_sample", "limits", "grades", "coefficients", "bonus"),
    *("deductions", "vetoes", "gates", "ratings", "distribution", "tenure", "ranks", "roles", "note"),
)


def read_scheme(plain: object, *, indicators: Mapping[str, IndicatorInfo]) -> Scheme:
    """A sound scheme from plain values (dictionaries, lists, texts, ``Decimal`` or ``int``).

    Raises ``DefinitionError`` with every issue where there is an error; warnings stay on ``Scheme.warnings``.
    """
    issues: list[Issue] = []
    top = section_at("", plain, issues)
    top.only(*KEYS)
    grades, tenure = read_grades(top), read_tenure(top)
    small = SmallSample(top.choice("small_sample", tuple(SmallSample), SmallSample.MISSING))
    scheme = Scheme(
        key=top.text("scheme"),
        version=top.text("version"),
        cycle=top.choice("cycle", CYCLES, "month"),
        roles=read_roles(top, indicators, small=small, learning=bool(tenure)),
        grades=grades,
        coefficients=read_coefficients(top, grades),
        names=top.section("names").texts(),
        limits=read_limits(top),
        bonus=read_points(top, "bonus", indicators),
        deductions=read_points(top, "deductions", indicators),
        vetoes=read_vetoes(top, grades),
        gates=read_gates(top, grades, indicators),
        ratings=read_ratings(top),
        distribution=read_distribution(top, grades),
        tenure=tenure,
        ranks=top.choice("ranks", RANKINGS, "competition"),
        warnings=tuple(issues),
    )
    if any(issue.severity == "error" for issue in issues):
        raise DefinitionError("scheme", issues)
    return scheme
