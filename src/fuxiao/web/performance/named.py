"""Schemes and plans by the names that their own texts give them, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from fuxiao.core.errors import DefinitionError
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.decisions import parse
from fuxiao.web.words import language

Titles = dict[str, str]


def title_in(text: str, key: str) -> str:
    """The name in the text of a scheme (``names``) or of a plan (``label``); its key where it has none."""
    try:
        plain = parse(text, key)
    except DefinitionError:
        return key
    named = (plain.get("names") or plain.get("label")) if isinstance(plain, Mapping) else None
    found = named.get(language()) if isinstance(named, Mapping) else named
    return str(found or key)


def titles_in(folder: Path) -> Titles:
    """The title of each definition in a folder, by its key; two of the same title are told apart by their keys."""
    found = {path.stem: title_in(path.read_text("utf-8"), path.stem) for path in sorted(folder.glob("*.yaml"))}
    times = Counter(found.values())
    return {key: f"{title} ({key})" if times[title] > 1 else title for key, title in found.items()}


def scheme_of(cycle: Cycle) -> str:
    return title_in(cycle.scheme_text, cycle.scheme)


def plan_of(cycle: Cycle) -> str:
    """Empty for a cycle without one."""
    return title_in(cycle.plan_text, cycle.plan) if cycle.plan else ""
