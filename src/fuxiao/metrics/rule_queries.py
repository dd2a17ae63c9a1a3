"""Reads of rules: what holds, what is being worked on, and every earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fuxiao.core.errors import UnknownName
from fuxiao.metrics.models import RuleState, RuleVersion
from fuxiao.metrics.rule_files import digest_of, rule_keys, rule_text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its versions, newest first. ``text`` is what is in force, ``draft`` the version being worked on."""

    kind: str
    key: str
    text: str
    versions: tuple[RuleVersion, ...] = ()

    @property
    def newest(self) -> RuleVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def draft(self) -> RuleVersion | None:
        """The newest version where it is not published yet."""
        return self.newest if self.newest and self.newest.state == RuleState.DRAFT else None

    @property
    def published(self) -> tuple[RuleVersion, ...]:
        return tuple(v for v in self.versions if v.state == RuleState.PUBLISHED)

    @property
    def pending(self) -> RuleVersion | None:
        """What holds from a later day on, where nothing holds yet."""
        return next(iter(self.published), None) if not self.text else None

    @property
    def shown(self) -> str:
        """What an editor starts from: the draft, else what is in force or will be."""
        wanted = self.draft or self.pending
        return wanted.text if wanted else self.text

    @property
    def token(self) -> str:
        """Changes with every version, and with every edit of the file elsewhere; a writer says which one was seen."""
        return f"{self.newest.number if self.newest else 0}-{digest_of(self.text)[:12]}"

    @property
    def number(self) -> int:
        """The number of the version in force; 0 where the file is none of them."""
        held = digest_of(self.text)
        return next((v.number for v in self.published if v.digest == held), 0)

    @property
    def edited_elsewhere(self) -> bool:
        """Whether the file was changed by hand since its last version."""
        return bool(self.text) and bool(self.published) and not self.number

    def version(self, number: int) -> RuleVersion:
        """One version; ``UnknownName`` for a number there is not."""
        found = next((each for each in self.versions if each.number == number), None)
        if found is None:
            raise UnknownName("version", str(number), [str(each.number) for each in self.versions])
        return found


def find_rule(home: Path, kind: str, key: str) -> Rule:
    """The rule of that key; one without text and versions where there is none."""
    versions = RuleVersion.objects.filter(kind=kind, key=key).order_by("-number")
    return Rule(kind, key, rule_text(home, kind, key), tuple(versions))


def find_rules(home: Path, kind: str) -> list[Rule]:
    """All rules of a kind, those of files and those that are only drafts. One query."""
    versions: dict[str, list[RuleVersion]] = {}
    for each in RuleVersion.objects.filter(kind=kind).order_by("key", "-number"):
        versions.setdefault(each.key, []).append(each)
    keys = dict.fromkeys([*rule_keys(home, kind), *versions])
    return [Rule(kind, key, rule_text(home, kind, key), tuple(versions.get(key, ()))) for key in sorted(keys)]


def in_force(kind: str, key: str, on: date) -> RuleVersion | None:
    """The published version that holds on a day: of those that have begun, the one that began last."""
    begun = RuleVersion.objects.filter(kind=kind, key=key, state=RuleState.PUBLISHED, effective_from__lte=on)
    return begun.order_by("-effective_from", "-number").first()
