"""A form's values put into the scheme that it edits: one role, or what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from fuxiao.performance.scheme_text import Plain
from fuxiao.web.schemes.coefficients import with_coefficients
from fuxiao.web.schemes.rules_form import PARTS

USUAL: Mapping[str, object] = {"scope": "own", "tenure": False, "of_norm": False, "subjective": False, "raters_min": 0,
                                  "rated_by": "lead"}  # fmt: skip
"""What an item need not say."""
ROLE_PARTS = ("names", "front_line", "positions", "share", "normalise", "items")
UNSAID: Mapping[str, object] = {"cycle": "month", "small_sample": "missing", "ranks": "competition"}
"""What a scheme that does not say it means."""
LEVELS = (100, 85, 70, 60, 0)
"""The points that the levels of a new rubric begin with."""


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
    role |= {name: kept[name] for name in ("positions", "normalise") if kept.get(name)}  # not asked on this page
    made.setdefault("roles", {})[key] = {name: role[name] for name in ROLE_PARTS if name in role}
    return made


def _tidied(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in item.items() if name not in USUAL or each != USUAL[name]}


def with_rules(plain: Plain, sent: Mapping[str, Any]) -> Plain:
    """The scheme with the common rules as the form has them; what the form cannot show stays as it was."""
    made = deepcopy(plain)
    grades = _grades(sent)
    sent = {**sent, "grades": grades, "coefficients": with_coefficients(plain, sent, grades)}
    for name in PARTS:
        given = _without_spare(name, sent.get(name))
        unsaid = name not in plain and given == UNSAID.get(name)
        if unsaid or given in (None, {}, []):
            made.pop(name, None)
        else:
            made[name] = given
    if not (made.get("distribution") or {}).get("shares"):
        made.pop("distribution", None)
    return made


def _grades(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The ladder, best first: without the grades whose bound was emptied, with the new one."""
    given, new = dict(sent.get("grades") or {}), sent.get("ladder") or {}
    if new.get("name") and new.get("lower") is not None:
        at = sum(
            isinstance(b, Decimal) and isinstance(new["lower"], Decimal) and b > new["lower"] for b in given.values()
        )
        rows = list(given.items())
        given = dict([*rows[:at], (str(new["name"])[:20], new["lower"]), *rows[at:]])
    return given


def _without_spare(name: str, given: Any) -> Any:
    """Without the rows that name nothing."""
    if name == "ratings" and given == {"calibrate": False}:
        return None
    if name == "vetoes" and isinstance(given, list):
        return [_limited(row, "event", "names") for row in given if row.get("event")]
    if name == "gates" and isinstance(given, list):
        return [_limited(row, "indicator", "least", "most", "roles") for row in given if row.get("indicator")]
    if name in ("bonus", "deductions") and isinstance(given, Mapping):
        rows = [row for row in given.get("rules", ()) if row.get("event") or row.get("indicator")]
        rules = [_pointed(row, CURVE_OF[name]) for row in rows]
        return {**{key: each for key, each in given.items() if key != "rules"}, **({"rules": rules} if rules else {})}
    return given


CURVE_OF = {"bonus": "bonus", "deductions": "deduction"}


def _pointed(row: Mapping[str, Any], curve: str) -> dict[str, Any]:
    """A rule of points; one by an indicator's value with the curve of its side."""
    if "indicator" not in row:
        return {name: each for name, each in row.items() if name != "curve"}
    return {"indicator": row["indicator"], "curve": {"type": curve, **(row.get("curve") or {})}}


def _limited(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Only what goes with its effect: a grade with a best grade, a limit with a highest total."""
    kept = {"grade_cap": "grade", "cap": "limit"}.get(str(row.get("mode")), "")
    return {name: each for name, each in row.items() if name in ("mode", kept, *names)}


def rearranged(plain: Plain, key: str, do: str) -> Plain:
    """The scheme after a button of the role's form: ``add``, ``judge``, ``remove:2``, ``up:2`` or ``down:2``."""
    made = deepcopy(plain)
    items: list[Any] = made["roles"][key].setdefault("items", [])
    word, _, place = do.partition(":")
    at = int(place) if place.isdecimal() else -1
    left = Decimal(max(0, 100 - _total(items)))
    if word == "add":
        items.append({"weight": left})
    elif word == "judge":
        rubric = [{"points": Decimal(points)} for points in LEVELS]
        items.append({"indicator": _free_code(made), "names": {}, "weight": left or Decimal(10), "rubric": rubric})
    elif 0 <= at < len(items):
        item = items.pop(at)
        if word in ("up", "down"):
            items.insert(max(0, at + (1 if word == "down" else -1)), item)
    return made


def _free_code(plain: Plain) -> str:
    """A code that no item of the scheme has: ``judged_1``, ``judged_2``, …"""
    taken = {str(item.get("indicator")) for role in plain["roles"].values() for item in role.get("items") or []}
    return next(code for number in range(1, len(taken) + 2) if (code := f"judged_{number}") not in taken)


def _total(items: list[Any]) -> int:
    return int(sum((item.get("weight") for item in items if isinstance(item.get("weight"), Decimal | int)), Decimal(0)))
