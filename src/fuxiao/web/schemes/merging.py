"""A form's values put into the scheme that it edits: one role, or what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from fuxiao.performance.scheme_text import Plain
from fuxiao.web.schemes.rules_form import PARTS

USUAL: Mapping[str, object] = {"scope": "own", "tenure": False, "of_norm": False, "subjective": False, "raters_min": 0}
"""What an item need not say."""
Moves = Mapping[str, int]


def with_role(plain: Plain, key: str, sent: Mapping[str, Any]) -> Plain:
    """The scheme with this role as the form has it."""
    given = sent.get("roles", {}).get(key) or {}
    made = deepcopy(plain)
    role = dict(given)
    role["items"] = [_tidied(item) for item in given.get("items", ()) if isinstance(item, Mapping)]
    team = role.pop("share", {}).get("team")
    if team not in (None, Decimal(0)):
        own = 100 - team if isinstance(team, Decimal) else ""
        role["share"] = {"own": own, "team": team}
    if role.get("front_line") is True:
        del role["front_line"]
    kept = plain.get("roles", {}).get(key) or {}
    if kept.get("positions"):  # another page decides about these
        role["positions"] = kept["positions"]
    made.setdefault("roles", {})[key] = {
        name: role[name] for name in ("names", "front_line", "positions", "share", "items") if name in role
    }
    return made


def _tidied(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in item.items() if name not in USUAL or each != USUAL[name]}


def with_rules(plain: Plain, sent: Mapping[str, Any]) -> Plain:
    """The scheme with the common rules as the form has them; what the form cannot show stays as it was."""
    made = deepcopy(plain)
    for name in PARTS:
        if name == "coefficients" and "kind" in (plain.get(name) or {}):
            continue
        given = _without_spare(name, sent.get(name))
        if given in (None, {}, []):
            made.pop(name, None)
        else:
            made[name] = given
    if not (made.get("distribution") or {}).get("shares"):
        made.pop("distribution", None)
    return made


def _without_spare(name: str, given: Any) -> Any:
    """Without the rows that name nothing."""
    if name == "vetoes" and isinstance(given, list):
        return [_veto(row) for row in given if row.get("event")]
    if name in ("bonus", "deductions") and isinstance(given, Mapping):
        rules = [row for row in given.get("rules", ()) if row.get("event") or row.get("indicator")]
        return {**{key: each for key, each in given.items() if key != "rules"}, **({"rules": rules} if rules else {})}
    return given


def _veto(row: Mapping[str, Any]) -> dict[str, Any]:
    """Only what goes with its effect: a grade with a best grade, a limit with a highest total."""
    kept = {"grade_cap": "grade", "cap": "limit"}.get(str(row.get("mode")), "")
    return {name: each for name, each in row.items() if name in ("event", "mode", kept, "names")}


def rearranged(plain: Plain, key: str, do: str) -> Plain:
    """The scheme after a button of the role's form: ``add``, ``remove:2``, ``up:2`` or ``down:2``."""
    made = deepcopy(plain)
    items: list[Any] = made["roles"][key].setdefault("items", [])
    word, _, place = do.partition(":")
    at = int(place) if place.isdecimal() else -1
    if word == "add":
        items.append({"weight": Decimal(max(0, 100 - _total(items)))})
    elif 0 <= at < len(items):
        item = items.pop(at)
        if word in ("up", "down"):
            items.insert(max(0, at + (1 if word == "down" else -1)), item)
    return made


def _total(items: list[Any]) -> int:
    return int(sum((item.get("weight") for item in items if isinstance(item.get("weight"), Decimal | int)), Decimal(0)))
