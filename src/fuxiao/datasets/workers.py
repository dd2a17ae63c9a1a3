"""How work is handed to a worker. The tasks register here: whoever asks does not know who does it."""

from __future__ import annotations

from collections.abc import Callable

_tasks: dict[str, Callable[..., object]] = {}


def register(**tasks: Callable[..., object]) -> None:
    """Have these names mean these ways of asking."""
    _tasks.update(tasks)


def ask(name: str, *given: object) -> None:
    """Ask for work, in the transaction that one is in: it is asked for only if that ends well."""
    _tasks[name](*given)
