"""How the expression language says what is wrong: one issue with the column, the line and a caret under it."""

from __future__ import annotations

from fuxiao.core.errors import DefinitionError, Issue


def refused(code: str, text: str, at: int, *, where: str, **params: object) -> DefinitionError:
    """The error of this one problem."""
    return DefinitionError(where, [problem(code, text, at, where=where, **params)])


def problem(code: str, text: str, at: int, *, where: str, **params: object) -> Issue:
    """The issue at offset ``at`` (0-based) of ``text``.

    Params always hold ``line`` and ``column`` (both 1-based) and ``shown``: the line with a caret on the next one.
    """
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    column = at - start
    facts = {"line": text.count("\n", 0, at) + 1, "column": column + 1, "shown": _shown(line, column), **params}
    return Issue(where, f"expression.{code}", facts)


def _shown(line: str, column: int, *, width: int = 80) -> str:
    """At most ``width`` characters of the line around the place, and the caret below it."""
    first = max(0, column - width // 2)
    return f"{line[first : first + width]}\n{' ' * (column - first)}^"
