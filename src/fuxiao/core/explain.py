"""The trace of a figure: a small tree that screen, appeal, export and test all read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Scalar = Decimal | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Trace:
    """One figure and where it came from.

    ``code`` names the step (``score.item``, ``bonus.cap``); a face turns it into words.
    ``formula`` is the arithmetic with the numbers put in, e.g. ``60 + (92 − 85) ÷ (95 − 85) × 40``.
    ``params`` hold facts for the sentence (rule, limits, names); ``inputs`` the figures this one was made of.
    """

    code: str
    value: Scalar
    formula: str = ""
    params: Mapping[str, Scalar] = field(default_factory=dict)
    inputs: tuple[Trace, ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Trace]]:
        """Yield ``(depth, trace)`` for this figure and all below it, in reading order."""
        yield depth, self
        for below in self.inputs:
            yield from below.walk(depth + 1)

    def find(self, code: str) -> Trace | None:
        """The first trace with this code, this one included; ``None`` where there is none."""
        return next((t for _, t in self.walk() if t.code == code), None)

    def as_dict(self) -> dict[str, object]:
        """A plain tree for JSON; decimals become strings, so that no digit is lost."""
        tree: dict[str, object] = {"code": self.code, "value": plain(self.value)}
        if self.formula:
            tree["formula"] = self.formula
        if self.params:
            tree["params"] = {key: plain(value) for key, value in self.params.items()}
        if self.inputs:
            tree["inputs"] = [below.as_dict() for below in self.inputs]
        return tree


def plain(value: Scalar) -> str | int | bool | None:
    """A scalar as JSON can hold it without loss."""
    return format(value, "f") if isinstance(value, Decimal) else value


def figure(value: Decimal) -> str:
    """A decimal as it stands in a formula: no exponent, no trailing zeros beyond the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
