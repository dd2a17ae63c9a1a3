"""A company's own legal rules (a province, a collective agreement), read from a plain table and put before ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from fuxiao.core.bonus.reader import AMOUNT, DAY, TEXT, choice, list_of, map_of, record
from fuxiao.core.errors import DefinitionError, Issue
from fuxiao.core.law import LAW, Action, LegalRule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """One rule as written in a file; the fields are those of ``LegalRule``."""

    key: Annotated[str, TEXT]
    jurisdiction: Annotated[str, TEXT]
    valid_from: Annotated[date, DAY]
    valid_to: Annotated[date | None, DAY] = None
    zh: Annotated[str, TEXT]
    en: Annotated[str, TEXT]
    source: Annotated[str, TEXT]
    figures: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=dict)
    steps: Annotated[tuple[str, ...], list_of(TEXT)] = ()
    forbids: Annotated[tuple[Action, ...], list_of(choice(Action))] = ()

    def rule(self) -> LegalRule:
        """The rule as the look-ups use it."""
        return LegalRule(
            key=self.key,
            jurisdiction=self.jurisdiction,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            zh=self.zh,
            en=self.en,
            source=self.source,
            figures=self.figures,
            steps=self.steps,
            forbids=frozenset(self.forbids),
        )


def read_rules(plain: object) -> tuple[LegalRule, ...]:
    """All rules with a company's own after ours: one of the same key, place and later day takes its place.

    ``plain`` is a list of tables. Raises ``DefinitionError`` with everything that is wrong.
    """
    issues: list[Issue] = []
    texts: tuple[RuleText, ...] = list_of(record(RuleText)).read(plain, "rules", issues)
    if issues:
        raise DefinitionError("legal rules", issues)
    return LAW + tuple(text.rule() for text in texts)
