"""Plain YAML through libyaml where PyYAML was built with it: eight times as fast, the same data."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    Fastest = yaml.SafeLoader
else:
    Fastest = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

WHOLE = re.compile(r"[-+]?[0-9][0-9_]{0,29}")
DEEPEST = 60
MOST = 500_000
"""A file nests no deeper and holds no more values than this, what an alias repeats counted each time."""


class SafeLoader(Fastest):
    """A safe loader that reads a whole number as a person does and leaves every other one a word.

    Without this ``010`` is eight, ``1:40`` a hundred, and the 30th of February an error without a place.
    """


def _whole(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | str:
    text = str(loader.construct_scalar(node))
    return int(text.replace("_", "")) if WHOLE.fullmatch(text) else text


def _moment(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> date | str:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(loader.construct_scalar(node))


SafeLoader.add_constructor("tag:yaml.org,2002:int", _whole)
SafeLoader.add_constructor("tag:yaml.org,2002:timestamp", _moment)


def load_plain(text: str) -> Any:  # noqa: ANN401 -- what a YAML text holds is known only to its reader
    """The plain data of a YAML text; raises ``yaml.YAMLError`` with the place of what cannot be read."""
    return load_with(SafeLoader, text)


def load_with(loader: type[yaml.SafeLoader], text: str) -> Any:  # noqa: ANN401 -- as above
    """What the loader reads, refused where it is nested or repeated beyond what a person writes."""
    too_deep = yaml.YAMLError(f"more than {DEEPEST} levels inside each other; write it flatter")
    margins = (len(line) - len(line.lstrip(" -?")) for line in text.splitlines())
    if _brackets(text) > DEEPEST or any(margin > 4 * DEEPEST for margin in margins):
        raise too_deep
    try:
        found = yaml.load(text, Loader=loader)  # noqa: S506 -- it is a safe loader
    except RecursionError as error:
        raise too_deep from error
    level, seen = [found], 0
    for _ in range(DEEPEST):
        seen += len(level)
        if seen > MOST:
            raise yaml.YAMLError(f"aliases repeat more than {MOST} values; write out what is meant")
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return found
    raise too_deep


def _brackets(text: str) -> int:
    """How many brackets are open at most, seen before libyaml is asked, which such a text makes crash."""
    opened = most = 0
    for sign in re.findall(r"[][{}]", text):
        opened = opened + 1 if sign in "[{" else max(0, opened - 1)
        most = max(most, opened)
    return most


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def place_of(error: Exception) -> str:
    """``:line:column`` of what could not be read, as it stands behind a file's name; empty where it is not known."""
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def reason_of(error: Exception) -> str:
    """What is wrong, in one line."""
    return str(getattr(error, "problem", "") or error).splitlines()[0]
