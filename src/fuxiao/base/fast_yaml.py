"""Plain YAML through libyaml where PyYAML was built with it: eight times as fast, the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    SafeLoader = yaml.SafeLoader
else:
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_plain(text: str) -> Any:  # noqa: ANN401 -- what a YAML text holds is known only to its reader
    """The plain data of a YAML text; raises ``yaml.YAMLError`` with the place of what cannot be read."""
    return yaml.load(text, Loader=SafeLoader)  # noqa: S506 -- it is a safe loader


def place_of(error: Exception) -> str:
    """``:line:column`` of what could not be read, as it stands behind a file's name; empty where it is not known."""
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def reason_of(error: Exception) -> str:
    """What is wrong, in one line."""
    return str(getattr(error, "problem", "") or error).splitlines()[0]
