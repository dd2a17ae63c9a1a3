"""Positions (岗位) as words: the names that the organisation's schemes, or those of the packs, give their codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from django.conf import settings

from fuxiao.base.fast_yaml import load_plain
from fuxiao.web.words import language

Names = dict[str, Mapping[str, str]]
_held: ContextVar[list[Names] | None] = ContextVar("position_names", default=None)
"""The names as this request found them: none yet, or one; ``None`` outside of requests."""


def position_word(code: str | None) -> str:
    """The word for a position; a position of the organisation's own keeps its text."""
    if not code:
        return "—"
    names = _names().get(code)
    return names.get(language()) or code if names else code


def position_code(word: str) -> str:
    """The code of a position that a person wrote as a word in either language; other texts stay as they are."""
    wanted = word.strip()
    known = (code for code, names in _names().items() if wanted.casefold() in {n.casefold() for n in names.values()})
    return next(known, wanted)


def known_positions() -> list[str]:
    """The words of all positions with names, in the order of their codes."""
    return list(dict.fromkeys(position_word(code) for code in sorted(_names())))


@contextmanager
def read_once() -> Iterator[None]:
    """Within, the folder of schemes is looked at once, when it is first asked for, and not for every row of a page."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def _names() -> Names:
    held = _held.get()
    if held is None:
        return _now()
    if not held:
        held.append(_now())
    return held[0]


def _now() -> Names:
    folder = settings.HOME / "schemes"
    held = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.yaml")))
    return _read(folder, held)


@lru_cache(maxsize=2)
def _read(folder: Path, _files: tuple[tuple[str, int], ...]) -> Names:
    """Names by code; the organisation's own schemes come before the packs'."""
    packs = resources.files("fuxiao.performance").joinpath("templates")
    names: Names = {}
    for text in (*_texts(packs.iterdir()), *_texts(folder.glob("*.yaml") if folder.is_dir() else ())):
        names.update(_roles(text))
    return names


def _texts(paths: Iterable[Traversable]) -> Iterator[str]:
    for path in sorted(paths, key=lambda each: each.name):
        if path.name.endswith(".yaml"):
            yield path.read_text(encoding="utf-8")


def _roles(text: str) -> Names:
    """The names in a scheme; none where it cannot be read, which is for the page of schemes to say."""
    try:
        scheme = load_plain(text)
    except yaml.YAMLError:
        return {}
    roles = scheme.get("roles") if isinstance(scheme, Mapping) else None
    found = roles.items() if isinstance(roles, Mapping) else ()
    return {
        str(code): {str(lang): str(name) for lang, name in role["names"].items()}
        for code, role in found if isinstance(role, Mapping) and isinstance(role.get("names"), Mapping)
    }  # fmt: skip
