"""Where the time of a team's or a person's cases went: a bar, the charges with their owners, each person's own bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import Http404

from fuxiao.base.wording import say
from fuxiao.metrics.queries import in_reach
from fuxiao.org import queries as org
from fuxiao.org.pinyin import sort_key
from fuxiao.performance.process.charged import Cause, Charge, TimeSpent, Whose, by_person, time_spent
from fuxiao.performance.window import Window, window_of
from fuxiao.report.figures import number
from fuxiao.web.fair.choosing import Stretch, people_then
from fuxiao.web.metrics.cuts import COMPANY, PERSON, TEAM, Subject, company
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.words import language, t

WIDTH = 1000
ELSEWHERE = (Cause.CUSTOMER, Cause.PARTS, Cause.THIRD_PARTY)
"""What nobody in the service holds in their hands."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the bar."""

    cause: str
    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One cause and owner: hours, share, how many cases, and where they stand."""

    cause: str
    name: str
    owner: str
    hours: str
    share: str
    cases: int
    address: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's time: cases, hours, the own share, and the bar."""

    who: str
    name: str
    cases: int
    hours: str
    own: str
    segments: Sequence[Segment]
    address: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What the page shows; no lines where nothing was resolved."""

    of: Subject
    stretch: Stretch
    headline: str
    cases: int
    hours: str
    segments: Sequence[Segment]
    lines: Sequence[ChargeLine]
    people: Sequence[PersonLine]
    spoken: str


def subject_then(desk: Desk, asked: str, stretch: Stretch) -> Subject:
    """The subject in the address, the usual one where there is none; 404 for one that was out of reach then."""
    if not asked:
        return desk.choices[0]
    kind, _, member = asked.partition(":")
    if kind not in (COMPANY, TEAM, PERSON) or bool(member) == (kind == COMPANY):
        raise Http404
    if not in_reach(desk.viewer, kind, member, people_then(desk, stretch)):
        raise Http404
    return company() if kind == COMPANY else Subject(kind, member, desk.names.get(member, member))


def window(stretch: Stretch) -> Window:
    return window_of(stretch.period, months=stretch.months if stretch.months > 1 else 0)


def whose(of: Subject) -> Whose:
    if of.kind == PERSON:
        return Whose(person=of.member)
    return Whose(units=org.teams_of(of.member) or frozenset({of.member})) if of.kind == TEAM else Whose()


def spent_page(desk: Desk, of: Subject, stretch: Stretch) -> Spent:
    """Kept for readers who may see the same."""
    return desk.kept(("time-spent", of, stretch.period.key, stretch.months), lambda: _spent(desk, of, stretch))


def _spent(desk: Desk, of: Subject, stretch: Stretch) -> Spent:
    out_of_reach = of.kind == COMPANY and not desk.viewer.sees_all  # it would name the time of every team
    if out_of_reach or not {"cases", "shares"} <= set(desk.store.manifest.facts):
        return Spent(of, stretch, "", 0, "", (), (), (), "")
    found = time_spent(desk.store, window(stretch), whose(of))
    lines = [_line(charge, of, stretch, desk) for charge in found.charges]
    return Spent(
        of, stretch, headline(found, of), found.cases, hours(found.seconds), segments(found, of, desk), lines,
        [] if of.kind == PERSON else _people(desk, of, stretch),
        t("、", ", ").join(f"{line.name} {line.owner} {line.share}" for line in lines),
    )  # fmt: skip


def headline(found: TimeSpent, of: Subject) -> str:
    """The page in one sentence."""
    outside = sum((found.share(cause) for cause in ELSEWHERE), Decimal(0))
    facts: dict[str, object] = {
        "name": of.name, "n": f"{found.cases:,}", "hours": hours(found.seconds), "outside": percent(outside),
        "queue": percent(found.share(Cause.QUEUE)), "own": percent(found.share(Cause.OWN)),
        "rest": _at_rest(found),
        "others": percent(found.share(Cause.UNIT) + found.share(Cause.COLLEAGUES)),
    }  # fmt: skip
    if of.kind == COMPANY:
        return t(
            "{n} 张工单从受理到解决共 {hours} 工作小时：{others} 有人在处理，{queue} 在等人接手，{outside} 在等客户、等配件或等第三方{rest}。",
            "{n:case/cases} took {hours} working hours from opening to resolution: {others} in somebody's hands, {queue} waiting for somebody to take them, {outside} waiting for customers, parts or third parties{rest}.",
            **facts,
        )
    return t(
        "{name}的 {n} 张工单从受理到解决共 {hours} 工作小时，自己手上的占 {own}；{others} 在别人手上，{queue} 在等人接手，{outside} 在等客户、等配件或等第三方{rest}。",
        "{name}: {n:case/cases} took {hours} working hours from opening to resolution, {own} of them in own hands; {others} in others' hands, {queue} waiting for somebody to take them, {outside} waiting for customers, parts or third parties{rest}.",
        **facts,
    )


def _at_rest(found: TimeSpent) -> str:
    share = found.share(Cause.AT_REST)
    return (
        t("；{share} 是解决以后到重开之前", ", {share} between a resolution and the reopening", share=percent(share))
        if share
        else ""
    )


def segments(found: TimeSpent, of: Subject, desk: Desk) -> list[Segment]:
    """The charges side by side, always in the order of the causes."""
    order = list(Cause)
    made, at = [], Decimal(0)
    for charge in sorted(found.charges, key=lambda each: (order.index(each.cause), -each.seconds, each.owner)):
        x, width = float(round(at * WIDTH, 2)), float(round(charge.share * WIDTH, 2))
        title = f"{cause_word(charge.cause, of)} {desk.names.get(charge.owner, charge.owner)}".strip()
        made.append(Segment(charge.cause, x, width, f"{title} {hours(charge.seconds)} h · {percent(charge.share)}"))
        at += charge.share
    return made


def _line(charge: Charge, of: Subject, stretch: Stretch, desk: Desk) -> ChargeLine:
    query = {**stretch.query, "of": of.address, "cause": str(charge.cause), "owner": charge.owner}
    return ChargeLine(
        charge.cause, cause_word(charge.cause, of), _owner(charge, of, desk), hours(charge.seconds),
        percent(charge.share), charge.cases, urlencode({key: value for key, value in query.items() if value}),
    )  # fmt: skip


def _owner(charge: Charge, of: Subject, desk: Desk) -> str:
    """Who could have shortened it; nobody while a case was taken for resolved."""
    named = {
        Cause.OWN: of.name, Cause.UNIT: desk.names.get(charge.owner, charge.owner) or t("（没有班组）", "(no team)"),
        Cause.COLLEAGUES: t("同班组同事", "colleagues"), Cause.QUEUE: t("派工与排队", "dispatch and queue"),
        Cause.CUSTOMER: t("客户", "the customer"), Cause.PARTS: t("备件", "spare parts"),
        Cause.THIRD_PARTY: t("第三方", "the third party"), Cause.AT_REST: t("不算给谁", "nobody"),
    }  # fmt: skip
    return named[charge.cause]


def _people(desk: Desk, of: Subject, stretch: Stretch) -> list[PersonLine]:
    """Each owner of these cases, by name; of teams only those whom the reader may see."""
    people = people_then(desk, stretch)
    found = by_person(desk.store, window(stretch), whose(of))
    seen = [who for who in found if in_reach(desk.viewer, PERSON, who, people)]
    made = [_person(Subject(PERSON, who, desk.names.get(who, who)), found[who], stretch, desk) for who in seen]
    return sorted(made, key=lambda line: (sort_key(line.name), line.who))


def _person(each: Subject, spent: TimeSpent, stretch: Stretch, desk: Desk) -> PersonLine:
    return PersonLine(
        each.member, each.name, spent.cases, hours(spent.seconds), percent(spent.share(Cause.OWN)),
        segments(spent, each, desk), urlencode({**stretch.query, "of": each.address}),
    )  # fmt: skip


def cause_word(cause: Cause, of: Subject) -> str:
    """Where the time went; to the company no team is another one."""
    if cause is Cause.UNIT and of.kind == COMPANY:
        return t("有班组在处理", "in a team's hands")
    return say(f"charge.{cause}", language())


def hours(seconds: int) -> str:
    """Hours, to one place below a hundred."""
    value = Decimal(seconds) / 3600
    return number(value, 0 if value >= 100 else 1)


def percent(share: Decimal) -> str:
    """A share (0-1) in whole per cent; less than half of one is said so."""
    if 0 < share < Decimal("0.005"):
        return "<1%"
    return f"{number(share * 100, 0)}%"
