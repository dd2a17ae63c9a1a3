"""Parts that several pages share."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.report.figures import Quantity


@dataclass(frozen=True, slots=True)
class Chip:
    """A short mark; ``tone`` is ``ok``, ``warn``, ``bad``, ``pri``, ``vio`` or empty for neutral."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page: title, whose it is, which period, whether it may still change, where it came from."""

    lang: str
    title: str
    organisation: str
    period: str
    state: Chip
    trail: tuple[Link, ...]
    footer: tuple[Fact, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Link:
    """A file of the same report and its name."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure large enough to be read first, and a remark below it."""

    label: str
    figure: Quantity
    note: str = ""
    tone: str = ""
