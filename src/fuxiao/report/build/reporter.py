"""What every builder needs: the input, the words of one language, the formatter; and the parts all pages share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from fuxiao.core.gaming.words import SHEETS
from fuxiao.core.score import TEAM_SCORE, Scorecard
from fuxiao.core.score.judged import Rubric
from fuxiao.engine.definition import Indicator
from fuxiao.report.drawing.small import TONES, Bins
from fuxiao.report.figures import Figures
from fuxiao.report.model.parts import Chip, Fact, Frame, Link
from fuxiao.report.source import ReportInput
from fuxiao.report.wording import Words

INDEX, OVERVIEW = "index.html", "overview.html"
PLAIN_NAME = re.compile(r"[0-9A-Za-z_\-\u4e00-\u9fff]{1,60}")


def page_file(person: str) -> str:
    """The file name of a person's page: the id where a file system can hold it, else its readable part and a digest."""
    if PLAIN_NAME.fullmatch(person):
        return f"scorecard-{person}.html"
    kept = "".join(re.findall(PLAIN_NAME, person))[:30]
    return f"scorecard-{kept}~{hashlib.sha256(person.encode()).hexdigest()[:10]}.html"


@dataclass(frozen=True, slots=True)
class Reporter:
    """One report in one language."""

    source: ReportInput
    words: Words
    figures: Figures
    _files: dict[str, str] = field(default_factory=dict)
    _means: dict[str, Decimal] = field(default_factory=dict)
    _bins: dict[str, Bins] = field(default_factory=dict)

    @classmethod
    def of(cls, source: ReportInput, lang: str) -> Reporter:
        """A reporter for this input and language."""
        words = Words(lang)
        return cls(source, words, Figures(words, currency=source.currency, zone=source.zone))

    def frame(self, title: str, *, trail: Iterable[Link] = ()) -> Frame:
        """The surroundings of a page."""
        source, w = self.source, self.words
        state = Chip(w("state.sealed"), "ok") if source.sealed else Chip(w("state.open"), "warn")
        return Frame(
            lang={"zh": "zh-CN"}.get(w.lang, w.lang),
            title=title,
            organisation=source.organisation or w("product"),
            period=self.figures.period(source.period),
            state=state,
            trail=tuple(trail),
            footer=tuple(self._footer()),
            notice="" if source.sealed else w("notice.open"),
        )

    def _footer(self) -> Iterable[Fact]:
        source, w = self.source, self.words
        yield Fact(w("footer.made_at"), f"{self.figures.moment(source.made_at)} ({source.zone})")
        if source.data_at is not None:
            yield Fact(w("footer.data_at"), self.figures.moment(source.data_at))
        for card in source.scores.cards[:1]:
            yield Fact(w("footer.scheme"), f"{w.of(card.scheme.names, card.scheme.key)} v{card.scheme.version}")
        if source.settlement is not None:
            named = asdict(source.plan.label)[w.lang] if source.plan else ""
            yield Fact(w("footer.plan"), f"{named or source.settlement.plan} v{source.settlement.version}")
        for name, digest in source.digests.items():
            yield Fact(w.or_key("digest", name), digest[:16])

    def indicator(self, code: str) -> Indicator | None:
        """The definition that holds for single persons; ``None`` for a code without one (the team's score)."""
        found = self.source.indicators.get(code)
        return None if found is None else found.by(("person",))

    def indicator_name(self, code: str) -> str:
        if code == TEAM_SCORE:
            return self.words("team_score")
        if (rubric := self.rubrics.get(code)) is not None:
            return self.words.of(rubric.names, code)
        found = self.source.indicators.get(code)
        return code if found is None else self.words.of(found.name, code)

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """The items that people judge, by code."""
        cards = self.source.scores.cards
        return cards[0].scheme.rubrics if cards else {}

    def signal_name(self, code: str) -> str:
        """What a gaming signal is called."""
        return SHEETS[code].name.of(self.words.lang) if code in SHEETS else code

    def role_name(self, card: Scorecard) -> str:
        return self.words.of(card.role.names, card.role.key)

    def grade_name(self, grade: str) -> str:
        """What the usual grades are called; nothing for a house's own."""
        return self.words.or_nothing("grade", grade)

    def grade_tone(self, card: Scorecard) -> str:
        """The colour of a card's grade: by its place on the ladder, best first."""
        names = card.scheme.grades.names
        return TONES[min(names.index(card.grade), len(TONES) - 1)] if card.grade in names else ""

    def file(self, person: str) -> str:
        """The file of a person's page."""
        return self._files.setdefault(person, page_file(person))

    def team_mean(self, team: str) -> Decimal | None:
        """The plain mean of the rated members' scores, for the trend's second line."""
        if not self._means:
            self._means.update(team_means(self.source.scores.cards))
        return self._means.get(team)

    def bins(self, role: str) -> Bins:
        """How the scores of a role's ranked people are distributed."""
        if not self._bins:
            self._bins.update(_bins_by_role(self.source.scores.cards))
        return self._bins[role]


def team_means(cards: Iterable[Scorecard]) -> dict[str, Decimal]:
    """The plain mean of the rated members' scores, by team."""
    totals: dict[str, list[Decimal]] = {}
    for card in cards:
        if card.total is not None:
            totals.setdefault(card.team, []).append(card.total)
    return {team: sum(found, Decimal(0)) / len(found) for team, found in totals.items()}


def _bins_by_role(cards: Iterable[Scorecard]) -> dict[str, Bins]:
    totals: dict[str, list[Decimal]] = {}
    for card in cards:
        if card.total is not None and card.rank is not None:
            totals.setdefault(card.role.key, []).append(card.total)
    return {role: Bins.of(found) for role, found in totals.items()}
