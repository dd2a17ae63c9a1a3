"""What a page of a scheme needs: the rule with its versions, its values, the library, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.http import Http404

from fuxiao.base.clock import now, today
from fuxiao.core.errors import DefinitionError
from fuxiao.core.indicator import Standing
from fuxiao.core.period import parse_period
from fuxiao.core.score import IndicatorInfo
from fuxiao.metrics.library import Library
from fuxiao.metrics.models import RuleKind, RuleVersion
from fuxiao.metrics.rule_actions import Named, save_draft
from fuxiao.metrics.rule_queries import Rule, find_rule
from fuxiao.performance.roster import read_roster
from fuxiao.performance.scheme_text import Checked, Plain, check_scheme, judged_names, scheme_plain, scheme_text
from fuxiao.performance.scoring import indicator_infos
from fuxiao.web.access import Request
from fuxiao.web.lake import lake
from fuxiao.web.metrics.cuts import PERSON, Cut, Subject
from fuxiao.web.metrics.desk import desk as figures_desk
from fuxiao.web.metrics.figures import library_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language

Values = Mapping[str, tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class SchemeDesk:
    """A scheme under work. ``plain`` is the draft, else what is in force; ``checked`` what reading it says."""

    rule: Rule
    plain: Plain
    library: Library
    checked: Checked

    @property
    def key(self) -> str:
        return self.rule.key

    @property
    def infos(self) -> Mapping[str, IndicatorInfo]:
        return indicator_infos(self.library.indicators)

    @property
    def title(self) -> str:
        return title_of(self.plain, self.key)

    @property
    def names(self) -> Mapping[str, str]:
        """Names of indicators and of judged items by code, in the reader's language."""
        judged = {
            code: str(names.get(language()) or names.get("zh") or code)
            for code, names in judged_names(self.plain).items()
        }
        return {each.code: each.name[language()] for each in self.library} | judged

    @property
    def named(self) -> Named:
        return Named(settings.HOME, RuleKind.SCHEME, self.key, self.title)

    def check(self, plain: Plain) -> Checked:
        return check_scheme(plain, self.infos)

    def save(self, request: Request, plain: Plain, *, token: str, reason: str = "") -> RuleVersion:
        """Keep these values as the next version; the scheme's own version is its number."""
        newest = self.rule.newest
        number = newest.number + 1 if newest else 2 if self.rule.text else 1
        text = scheme_text({**plain, "scheme": self.key, "version": str(number)})
        return save_draft(request.viewer, self.named, text, token=token, at=now(), reason=reason)


def scheme_desk(key: str) -> SchemeDesk:
    """404 where there is no such scheme."""
    rule = find_rule(settings.HOME, RuleKind.SCHEME, key)
    if not rule.shown:
        raise Http404
    with lake() as store:
        library = library_of(store)
    plain = plain_or_empty(rule.shown)
    return SchemeDesk(rule, plain, library, check_scheme(plain, indicator_infos(library.indicators)))


def plain_or_empty(text: str) -> Plain:
    """The values of a text; none of one that a hand edit broke, which is then among the issues."""
    try:
        return scheme_plain(text)
    except DefinitionError:
        return {}


def title_of(plain: Plain, key: str) -> str:
    names = plain.get("names")
    return str(names.get(language()) or key) if isinstance(names, Mapping) else key


def values_of_role(request: Request, role: str, codes: list[str]) -> Values:
    """The figures of last month of the people in a role, by indicator: those with enough facts, rising."""
    month = parse_period(f"{today(organisation().zone):%Y-%m}").previous()
    with figures_desk(request) as at:
        wanted = [at.library.indicators[code] for code in codes if code in at.library.indicators]
        if not wanted:
            return {}
        roster = read_roster(at.store, month)
        people = {member.person for member in roster.members.values() if member.role == role}
        found: dict[str, list[Decimal]] = {}
        for value in at.values(wanted, Cut(Subject(), PERSON), month, month):
            if value.subject in people and value.value is not None and value.standing is Standing.OK:
                found.setdefault(value.indicator, []).append(value.value)
    return {code: tuple(sorted(values)) for code, values in found.items()}
