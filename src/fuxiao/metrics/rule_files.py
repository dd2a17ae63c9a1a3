"""Where the rules of a home folder lie: read as they stand, replaced whole. Calculation and seals read the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.files import replace_file, stands
from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.metrics.models import RuleKind

TARGETS, SIGNALS = "targets", "signals"
"""The one key of the targets, and of the policy on signals: each is one file."""
ONE_FILE = {RuleKind.TARGETS: TARGETS, RuleKind.SIGNALS: SIGNALS}


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rule_keys(home: Path, kind: str) -> list[str]:
    """The rules of a kind that the home folder holds."""
    if kind in ONE_FILE:
        return [ONE_FILE[RuleKind(kind)]]
    if kind == RuleKind.SCHEME:
        return sorted(path.stem for path in (home / "schemes").glob("*.yaml"))
    return sorted(str(entry["code"]) for path in _indicator_files(home) for entry in _entries(path))


def rule_text(home: Path, kind: str, key: str) -> str:
    """The text in force; empty where the home folder has no such rule."""
    if kind == RuleKind.INDICATOR:
        found = next((e for path in _indicator_files(home) for e in _entries(path) if e.get("code") == key), None)
        return "" if found is None else plain_yaml(found)
    path = _path(home, kind, key)
    return path.read_text(encoding="utf-8-sig") if stands(path) else ""


def put_rule(home: Path, kind: str, key: str, text: str) -> None:
    """Have this text in force. An indicator that shares its file with others is replaced where it stands."""
    if kind != RuleKind.INDICATOR:
        replace_file(_path(home, kind, key), text)
        return
    shared = next((path for path in _indicator_files(home) if any(e.get("code") == key for e in _entries(path))), None)
    if shared is None or shared.stem == key:
        replace_file(home / "indicators" / f"{key}.yaml", text)
        return
    raw = load_exact(shared.read_text(encoding="utf-8-sig"))
    entries = [load_exact(text) if entry.get("code") == key else entry for entry in _entries(shared)]
    head = {"section": raw["section"]} if isinstance(raw, Mapping) and "section" in raw else {}
    replace_file(shared, plain_yaml({**head, "indicators": entries}))


def _path(home: Path, kind: str, key: str) -> Path:
    return home / f"{key}.yaml" if kind in ONE_FILE else home / "schemes" / f"{key}.yaml"


def _indicator_files(home: Path) -> list[Path]:
    """Later files come first: they win over earlier ones."""
    return sorted((home / "indicators").glob("*.yaml"), reverse=True)


def _entries(path: Path) -> list[Mapping[str, Any]]:
    raw = load_exact(path.read_text(encoding="utf-8-sig"))
    if not isinstance(raw, Mapping):
        return []
    found = raw.get("indicators", [raw] if "code" in raw else [])
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
