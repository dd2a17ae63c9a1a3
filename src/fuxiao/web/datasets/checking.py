"""The page of the dry run: who the people are, the first rows, the quality of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from django.http import QueryDict

from fuxiao.base.permissions import Viewer
from fuxiao.datasets.importing.names import source_name
from fuxiao.datasets.models import ImportJob
from fuxiao.org import queries as org
from fuxiao.org.pinyin import folded
from fuxiao.web.datasets.columns import column_name, dataset_name
from fuxiao.web.datasets.presenters import counts_of, quality_of
from fuxiao.web.datasets.stored import value_word
from fuxiao.web.words import t

Cell: TypeAlias = "str | bool"
SHOWN = 200
"""Unmatched names on one page, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody the file names: the person found (``how`` is ``number``, ``name``, ``pinyin``, ``chosen`` or empty)."""

    name: str
    rows: int
    how: str = ""
    number: str = ""
    person: str = ""
    wrong: bool = False


class Directory:
    """Everybody there is, found by number, name or pinyin where only one person fits."""

    def __init__(self) -> None:
        self.people = org.directory()
        self.names = {number: name for number, name, _ in self.people}
        self._numbers = {folded(number): number for number in self.names}
        self._by_name = _only_one((_unspaced(name), number) for number, name, _ in self.people)
        self._by_pinyin = _only_one((plain, number) for number, _, plain in self.people)

    def match(self, name: str) -> tuple[str, str]:
        """How somebody was found, and the employee number; both empty where nobody or several fit.

        Pinyin counts only for names in Latin letters: 章伟 is not 张伟.
        """
        word = folded(name)
        if word in self._numbers:
            return "number", self._numbers[word]
        if _unspaced(name) in self._by_name:
            return "name", self._by_name[_unspaced(name)]
        spoken = word.replace(" ", "").replace("'", "")
        if word.isascii() and spoken in self._by_pinyin:
            return "pinyin", self._by_pinyin[spoken]
        return "", ""


def _unspaced(name: str) -> str:
    """A name as it is compared: blanks inside tell no two people apart where there are no words, 张 小伟 is 张小伟."""
    word = folded(name)
    return word if word.isascii() else "".join(word.split())


def _only_one(pairs: Any) -> dict[str, str]:
    """The names that only one person has."""
    found: dict[str, set[str]] = {}
    for name, number in pairs:
        found.setdefault(name, set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}


def matches(job: ImportJob, directory: Directory) -> list[Match]:
    """Everybody the file names, with what a person chose before what was found."""
    return [_match(each["name"], each["rows"], job.people, directory) for each in job.found["people"]]


def _match(name: str, rows: int, people: Mapping[str, str], directory: Directory) -> Match:
    how, number = ("chosen", people[name]) if name in people else directory.match(name)
    return Match(name, rows, how, number, directory.names.get(number, ""))


def settled(job: ImportJob) -> dict[str, str]:
    """The employee number of every name of the file that somebody is known for."""
    found = matches(job, Directory()) if job.found else []
    return {each.name: each.number for each in found if each.number} | {n: p for n, p in job.people.items() if not p}


def chosen(posted: QueryDict) -> tuple[dict[str, str], dict[str, str]]:
    """What was chosen for each name, and those choices that name nobody. ``E3 张伟`` is read as ``E3``."""
    directory = Directory()
    right: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, given in zip(posted.getlist("name"), posted.getlist("person"), strict=False):
        words_given = given.strip()
        number = words_given if words_given in directory.names else words_given.split(" ")[0]
        number = number if number in directory.names or not number else directory.match(words_given)[1]
        (right if number or not words_given else wrong)[name] = number or words_given
    return right, wrong


def _word(dataset: str, column: str, cell: Cell) -> str:
    """A cell of the preview; yes or no and what is stored as a code in the reader's language."""
    if isinstance(cell, bool):
        return t("是", "yes") if cell else t("否", "no")
    return value_word(dataset, column, cell)


@dataclass(frozen=True, slots=True)
class Shown:
    """The first rows of one dataset with words for its columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def page_of(
    viewer: Viewer, job: ImportJob, *, given: Mapping[str, str] | None = None, wrong: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """What the page shows; ``given`` is kept in the fields, ``wrong`` names those that cannot stay."""
    directory = Directory()
    found = matches(job, directory)
    unknown = [each for each in found if each.how in {"", "chosen"}]
    open_ = [replace(m, number=(given or {}).get(m.name, m.number), wrong=m.name in wrong) for m in unknown]
    numbers = {each.name: each.number for each in found if each.number}
    report = job.found["report"]
    return {
        "job": job, "report": report, "counts": counts_of(report),
        "quality": quality_of(report, without=_answered(found, directory)),
        "previews": [_shown(each, numbers) for each in job.found["previews"]],
        "people": found, "guessed": [each for each in found if each.how in {"name", "pinyin"}],
        "unknown": open_[:SHOWN], "more_unknown": max(0, len(open_) - SHOWN), "directory": directory.people,
        "by_hand": sum(each.how == "chosen" and bool(each.number) for each in found),
        "left": sum(not each.number for each in found),
        "by_number": sum(each.how == "number" for each in found),
        "save_as": job.saved_as or source_name(job.upload.name),
    }  # fmt: skip


def _answered(found: list[Match], directory: Directory) -> set[str]:
    """Faults of the dry run, which knows only the file, that the people of this page answer: who is on no list is named
    there, with what was found and chosen since; of somebody in several spellings nothing is left once all are known."""
    if not found or not directory.people:
        return set()
    return {"no_person"} | ({"spellings"} if all(each.number for each in found) else set())


def _shown(preview: Mapping[str, Any], numbers: Mapping[str, str]) -> Shown:
    dataset, persons, columns = preview["dataset"], set(preview["persons"]), preview["columns"]
    rows = tuple(
        tuple(
            numbers.get(cell, cell) if n in persons else _word(dataset, columns[n], cell) for n, cell in enumerate(row)
        )
        for row in preview["rows"]
    )
    empty = {n for n, _ in enumerate(columns) if not any(row[n] for row in rows)}
    kept = [n for n, _ in enumerate(columns) if n not in empty]
    return Shown(
        dataset_name(dataset), tuple(column_name(dataset, columns[n]) for n in kept),
        tuple(tuple(row[n] for n in kept) for row in rows),
    )  # fmt: skip
