"""Reading plain dictionaries (from YAML or JSON) key by key, collecting every issue with the path where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.errors import Issue, did_you_mean
from fuxiao.core.score.curve import plain_number


@dataclass(frozen=True, slots=True)
class Section:
    """One mapping of a definition and where it stands. What cannot be read is an issue and reads as its default."""

    where: str
    data: Mapping[str, object]
    issues: list[Issue]

    def path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def error(self, key: str, issue: str, /, **params: object) -> None:
        """Note something wrong at ``key`` (the section itself where it is empty)."""
        self.issues.append(Issue(self.path(key) if key else self.where, issue, params))

    def warn(self, key: str, issue: str, /, **params: object) -> None:
        """Note something that deserves a second look."""
        self.issues.append(Issue(self.path(key) if key else self.where, issue, params, severity="warning"))

    def only(self, *known: str) -> None:
        """Every key that is not among ``known`` is an issue, with the ones spelled alike."""
        for key in self.data:
            if key not in known:
                self.error(str(key), "key.unknown", key=str(key), near=did_you_mean(str(key), known))

    def has(self, key: str) -> bool:
        return self.data.get(key) is not None

    def number(self, key: str, default: Decimal | None = None) -> Decimal | None:
        """A number; a missing one reads as ``default``, and is an issue where there is none."""
        if not self.has(key):
            if default is None:
                self.error(key, "key.missing", key=key)
            return default
        read = plain_number(self.data[key])
        if read is None:
            self.error(key, "number.expected", got=str(self.data[key]))
        return read

    def number_or(self, key: str, default: Decimal) -> Decimal:
        """A number, or ``default`` where it is missing or none."""
        read = self.number(key, default)
        return default if read is None else read

    def optional(self, key: str) -> Decimal | None:
        """A number that may be left out."""
        return self.number(key) if self.has(key) else None

    def text(self, key: str, default: str | None = None) -> str:
        """A word or sentence; a whole number counts as its text. Missing without a default is an issue."""
        got = self.data.get(key)
        if got is None:
            if default is None:
                self.error(key, "key.missing", key=key)
            return default or ""
        if isinstance(got, bool) or not isinstance(got, str | int | Decimal):
            self.error(key, "text.expected", got=str(got))
            return default or ""
        return str(got)

    def told(self, key: str) -> str | dict[str, str]:
        """A sentence, or the same by language; empty where it is missing."""
        if not isinstance(self.data.get(key), Mapping):
            return self.text(key, "").strip()
        return {lang: sentence.strip() for lang, sentence in self.section(key).texts().items() if sentence.strip()}

    def choice(self, key: str, known: Iterable[str], default: str) -> str:
        """One of a few words."""
        options = tuple(known)
        got = self.text(key, default)
        if got not in options:
            self.error(key, "choice.expected", got=got, known=options, near=did_you_mean(got, options))
            return default
        return got

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        got = self.data.get(key, default)
        if not isinstance(got, bool):
            self.error(key, "flag.expected", got=str(got))
            return default
        return got

    def section(self, key: str) -> Section:
        """The mapping under ``key``; empty where it is missing."""
        got = self.data.get(key)
        return section_at(self.path(key), {} if got is None else got, self.issues)

    def sections(self, key: str) -> Iterator[Section]:
        """The list of mappings under ``key``, each with its place, e.g. ``items[2]``."""
        got = self.data.get(key)
        if got is not None and not isinstance(got, list | tuple):
            self.error(key, "list.expected", got=str(got))
            return
        for place, row in enumerate(got or ()):
            yield section_at(f"{self.path(key)}[{place}]", row, self.issues)

    def named_sections(self, key: str) -> Iterator[tuple[str, Section]]:
        """The mappings under ``key`` by their names."""
        outer = self.section(key)
        for name in outer.data:
            yield name, section_at(outer.path(name), outer.data[name], self.issues)

    def numbers(self) -> dict[str, Decimal]:
        """The whole section as a table of numbers."""
        read = {key: self.number(key) for key in self.data}
        return {key: number for key, number in read.items() if number is not None}

    def words(self, key: str) -> tuple[str, ...]:
        """The list of texts under ``key``; empty where it is missing."""
        got = self.data.get(key)
        if got is not None and not isinstance(got, list | tuple):
            self.error(key, "list.expected", got=str(got))
            return ()
        for place, each in enumerate(got or ()):
            if not isinstance(each, str):
                self.error(f"{key}[{place}]", "text.expected", got=str(each))
        return tuple(each for each in got or () if isinstance(each, str))

    def texts(self) -> dict[str, str]:
        """The whole section as a table of texts."""
        return {key: self.text(key) for key in self.data}


def section_at(where: str, got: object, issues: list[Issue]) -> Section:
    """A mapping as a section (an empty ``where`` is the definition itself); anything else is an issue, and empty."""
    if not isinstance(got, Mapping):
        issues.append(Issue(where, "mapping.expected", {"got": str(got)}))
        return Section(where, {}, issues)
    return Section(where, {str(key): value for key, value in got.items()}, issues)
