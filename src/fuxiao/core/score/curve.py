"""What a scoring curve is: a registered type with a key, typed parameters and pure methods from a value to points."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from fuxiao.core.errors import DefinitionError, Issue, UnknownName, did_you_mean
from fuxiao.core.explain import Scalar, Trace, figure
from fuxiao.core.indicator import Direction
from fuxiao.core.score.exact import FULL, NEAR, as_decimal
from fuxiao.core.target import Target

Plain = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Param:
    """A curve's parameter as a form or a reader needs it: its kind, and the choices where it is a choice."""

    kind: str  # number | choice | tiers
    required: bool
    choices: tuple[str, ...] = ()


class Curve(ABC):
    """From a value to points.

    Subclasses are frozen dataclasses whose fields are the parameters; a curve that exists is valid: building one
    from contradictory parameters raises ``DefinitionError`` with every fault.
    """

    __slots__ = ()

    key: ClassVar[str]
    names: ClassVar[Mapping[str, str]]
    for_items: ClassVar[bool] = True
    subjective: ClassVar[bool] = False

    @abstractmethod
    def points(self, value: Decimal) -> Fraction:
        """The points for ``value``, exact."""

    @abstractmethod
    def formula(self, value: Decimal) -> str:
        """The arithmetic behind ``points`` with the numbers put in."""

    @abstractmethod
    def text(self) -> str:
        """What is asked for, in figures only, e.g. ``85 / 95 / 99``."""

    def faults(self) -> Iterator[Issue]:
        """What is wrong with the parameters; ``where`` is the parameter's name."""
        yield from ()

    @property
    def met_at(self) -> Decimal:
        """The percent from which the target counts as met."""
        return FULL

    @property
    def near_at(self) -> Decimal:
        """The percent from which the target counts as near: at or past the floor."""
        return NEAR

    @property
    def direction(self) -> Direction | None:
        """Which way the curve rises; ``None`` where the value does not matter."""
        return None

    @property
    def aims(self) -> Target:
        """The values at the floor, the target and the stretch, as far as the curve has them."""
        return Target()

    def percent(self, value: Decimal) -> Fraction:
        """The points on the common scale of 100 that weights are applied to."""
        return self.points(value)

    def aimed_at(self, target: Target) -> Curve:
        """This curve with somebody's own target in place of the scheme's; the same where the curve has none."""
        del target
        return self

    def scaled(self, factor: Decimal) -> Curve:
        """This curve with each threshold multiplied, for a learning period or a person's own norm."""
        del factor
        return self

    def trace(self, value: Decimal) -> Trace:
        """The points with their arithmetic and the curve's parameters."""
        params: dict[str, Scalar] = {"curve": self.key, "from": value}
        params |= {name: _scalar(getattr(self, name)) for name in parameters(type(self))}
        return Trace("score.curve", as_decimal(self.points(value)), self.formula(value), params)


@cache
def parameters(curve: type[Curve]) -> Mapping[str, Param]:
    """The parameters of a curve type by name, in order, read from the annotations of its fields."""
    hints = get_type_hints(curve)
    return {f.name: _param(hints[f.name], required=f.default is MISSING) for f in fields(cast("Any", curve)) if f.init}


def _param(hint: object, *, required: bool) -> Param:
    if get_origin(hint) is Literal:
        return Param("choice", required, get_args(hint))
    return Param("tiers" if get_origin(hint) is tuple else "number", required)


CURVES: dict[str, type[Curve]] = {}
C = TypeVar("C", bound=type[Curve])


def register(curve: C) -> C:
    """Make a curve type known under its key."""
    CURVES[curve.key] = curve
    return curve


def check(curve: Curve) -> None:
    """Refuse a curve with contradictory parameters; each type calls this once it is built."""
    faults = tuple(curve.faults())
    if faults:
        raise DefinitionError(f"curve.{curve.key}", faults)


def build_curve(key: str, params: Plain) -> Curve:
    """A curve from plain values (numbers as ``Decimal``, ``int`` or ``float`` as written).

    Raises ``UnknownName`` for the key and ``DefinitionError`` with every issue; ``where`` is the parameter's name.
    """
    kind = CURVES.get(key)
    if kind is None:
        raise UnknownName("curve", key, CURVES)
    known = parameters(kind)
    issues = [Issue(n, "key.unknown", {"key": n, "near": did_you_mean(n, known)}) for n in params if n not in known]
    read: dict[str, object] = {}
    for name, param in known.items():
        issues += _read(name, param, params, read)
    if issues:
        raise DefinitionError(f"curve.{key}", issues)
    return kind(**read)


def plain_number(value: object) -> Decimal | None:
    """A number as it was written, or ``None`` where it is none. A float counts as its shortest decimal text."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def _read(name: str, param: Param, params: Plain, into: dict[str, object]) -> Iterator[Issue]:
    if params.get(name) is None:
        if param.required:
            yield Issue(name, "key.missing", {"key": name})
        return
    given = params[name]
    parsed = _PARSERS[param.kind](given, param)
    if parsed is None:
        known: dict[str, object] = {"known": param.choices, "near": did_you_mean(str(given), param.choices)}
        yield Issue(name, f"{param.kind}.expected", {"got": str(given)} | (known if param.choices else {}))
    into[name] = parsed


def _parse_tiers(given: object, _param: Param) -> tuple[tuple[Decimal, Decimal], ...] | None:
    if not isinstance(given, Mapping) or not given:
        return None
    rows = [(plain_number(bound), plain_number(points)) for bound, points in given.items()]
    good = tuple((bound, points) for bound, points in rows if bound is not None and points is not None)
    return good if len(good) == len(rows) else None


_PARSERS: Mapping[str, Any] = {
    "number": lambda given, _param: plain_number(given),
    "choice": lambda given, param: given if given in param.choices else None,
    "tiers": _parse_tiers,
}


def _scalar(value: object) -> Scalar:
    """A parameter as a trace can hold it; a table of tiers as one line of text."""
    if isinstance(value, tuple):
        return ", ".join(f"{figure(bound)}: {figure(points)}" for bound, points in value)
    return cast("Scalar", value)
