"""Reads of review cycles: whose scorecards a viewer may see, and what there is to see of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, When

from fuxiao.base.permissions import GRANTS, Permission, Reach, Viewer, reach_for
from fuxiao.core.bonus.sharing import missing_pools
from fuxiao.core.cycle import CLOSED, Done, Place, Step, place
from fuxiao.core.errors import NotPermitted, UnknownName
from fuxiao.org.models import User
from fuxiao.org.pinyin import team_key
from fuxiao.performance.cycles.amounts import given_in, plan_in
from fuxiao.performance.cycles.made import Made, digest_of
from fuxiao.performance.cycles.models import (
    AgreedAction,
    Appeal,
    CalledOff,
    Comment,
    Cycle,
    CycleJob,
    CycleMember,
    GradeChange,
    OtherPayout,
    Scorecard,
    StandIn,
    Talk,
)
from fuxiao.performance.cycles.parts import JobKind

HEAVY_OWN = ("basis", "scheme_text", "plan_text")
"""Long texts of a cycle, read when they are asked for."""
HEAVY = tuple(f"cycle__{name}" for name in HEAVY_OWN)
"""The same of the cycle that somebody is in."""
OWED = Q(reviewed_at=None) & (~Q(lead="") | Q(stand_in__isnull=False))
"""People of a cycle whom somebody is asked to review and nobody did yet."""
WAIVED = "waived"
"""The kind of a comment that says why there is no lead's review."""
UNSHARED = (Step.LEAD_REVIEW, Step.CALIBRATION)
"""While these run, what leads write and committees change is not told to the person yet."""


def cycles(viewer: Viewer) -> QuerySet[Cycle]:
    """The cycles, newest first; ``NotPermitted`` for whoever runs and leads none."""
    if not viewer.may(Permission.CYCLES_READ):
        raise NotPermitted("permission.denied", permission=Permission.CYCLES_READ.value)
    return Cycle.objects.defer("basis").annotate(people=Count("members")).order_by("-period", "scope", "id")


def called_off(viewer: Viewer) -> QuerySet[CalledOff]:
    """The cycles that were called off, the latest first; for whoever sees cycles."""
    if not viewer.may(Permission.CYCLES_READ):
        raise NotPermitted("permission.denied", permission=Permission.CYCLES_READ.value)
    return CalledOff.objects.all()


def cycles_exist() -> bool:
    """Whether any cycle was ever opened."""
    return Cycle.objects.exists()


def periods_taken() -> frozenset[str]:
    """The keys of the periods that the whole company has a cycle of."""
    return frozenset(Cycle.objects.filter(scope="").values_list("period", flat=True))


def cycle_of(viewer: Viewer, number: int) -> Cycle:
    """One cycle; ``UnknownName`` where there is none."""
    found = cycles(viewer).filter(pk=number).first()
    if found is None:
        raise UnknownName("cycle", str(number), ())
    return found


def members(viewer: Viewer) -> QuerySet[CycleMember]:
    """The people of all cycles whose scorecards the viewer may see: the own always, those of the teams led then,
    and those one is asked to review in the place of their lead."""
    found = CycleMember.objects.select_related("cycle", "stand_in").defer(*HEAVY)
    return found.filter(_within(viewer, Permission.SCORES_READ))


def in_order(found: Iterable[CycleMember]) -> list[CycleMember]:
    """Team by team as lists have them, the people of each by number."""
    return sorted(found, key=lambda member: (team_key(member.team_name), member.team, member.person))


def _within(viewer: Viewer, permission: Permission) -> Q:
    """The people of cycles whom the viewer's permission reaches."""
    reach = reach_for(viewer, permission)
    if reach is Reach.ALL:
        return Q()
    if reach is None:
        return Q(pk__in=())
    own = Q(person=viewer.person) if viewer.person else Q(pk__in=())
    led = Q(team__in=viewer.teams) | Q(lead=viewer.own_number) | _stands_in(viewer)
    return own | led if reach is Reach.TEAMS else own


def _stands_in(viewer: Viewer) -> Q:
    return Q(pk__in=()) if viewer.account is None else Q(stand_in__account=viewer.account)


def member_of(viewer: Viewer, cycle: int, person: str) -> CycleMember:
    """One person of a cycle; ``UnknownName`` alike for somebody out of reach and somebody who is not there."""
    found = members(viewer).filter(cycle_id=cycle, person=person).select_related("cycle", "scorecard").first()
    if found is None:
        raise UnknownName("scorecard", person, ())
    return found


def paying(viewer: Viewer) -> QuerySet[Cycle]:
    """The cycles with a bonus plan, newest first; ``NotPermitted`` for whoever may not see pay."""
    if not viewer.may(Permission.PAY_READ):
        raise NotPermitted("permission.denied", permission=Permission.PAY_READ.value)
    found = Cycle.objects.exclude(plan_text="").defer("basis").annotate(people=Count("members"))
    return found.order_by("-period", "scope", "id")


def paying_cycle(viewer: Viewer, number: int) -> Cycle:
    """One of them; ``UnknownName`` where there is none."""
    found = paying(viewer).filter(pk=number).first()
    if found is None:
        raise UnknownName("cycle", str(number), ())
    return found


def paid(viewer: Viewer, cycle: Cycle) -> Iterable[dict[str, Any]]:
    """What scorecards say of each person's amounts, in plain values; ``payout`` may be ``None``.

    Those that hold; of everybody the first ones for whoever looks on while the own result is at work.
    """
    found = CycleMember.objects.filter(_within(viewer, Permission.PAY_READ), cycle=cycle, scorecard__isnull=False)
    card = "scorecard"
    if looks_on(viewer, cycle):
        found, card = found.filter(scorecards__n=1), "scorecards"
    rows: Iterable[Any] = found.values(
        "person", "name", "position", "team", "team_name", score=F(f"{card}__score"), grade=F(f"{card}__grade"),
        payout=F(f"{card}__result__payout"),
    )  # fmt: skip
    return rows


def paid_beside(viewer: Viewer, cycle: Cycle) -> tuple[Cycle, list[OtherPayout]]:
    """Whoever the period pays without a scorecard in any of its cycles, and the cycle whose list they stand in.

    That is the first one: each of them is paid once. None for whoever looks on while the own result is at work.
    """
    first = together(cycle).filter(calculation__gt=0).defer(*HEAVY_OWN).first() or cycle
    if reach_for(viewer, Permission.PAY_READ) is not Reach.ALL or looks_on(viewer, cycle):
        return first, []
    scored = CycleMember.objects.filter(cycle__in=together(cycle), scorecard__isnull=False)
    return first, list(first.others.exclude(person__in=scored.values("person")).order_by("person"))


def looks_on(viewer: Viewer, cycle: Cycle) -> bool:
    """Whether the viewer's own result of the period is at work: sums, and shares of a pool, would tell of it."""
    return together(cycle).filter(step__in=UNSHARED, members__person=viewer.own_number).exists()


def together(cycle: Cycle) -> QuerySet[Cycle]:
    """The cycles of its period, itself among them: they share data, amounts and rulings, and are sealed as one."""
    return Cycle.objects.filter(period=cycle.period).order_by("id")


def is_paid(cycle: Cycle) -> bool:
    """Whether its amounts stand: it, or another cycle of its period, is final."""
    return together(cycle).filter(step__in=CLOSED).exists()


def teams_of(cycle: Cycle) -> dict[str, str]:
    """The teams of the people that are paid together, by key, in the order of lists; like names with their key.

    Those in which somebody spent only a part of the period are among them, once scores are computed.
    """
    found = CycleMember.objects.filter(cycle__in=together(cycle)).exclude(team="").order_by("team", "team_name")
    passed = together(cycle).values_list("passed", flat=True)
    teams = dict(found.values_list("team", "team_name").distinct())
    teams = {team: name for each in passed for team, name in each.items()} | teams
    names = dict(sorted(teams.items(), key=lambda pair: (team_key(pair[1]), pair[0])))
    often = Counter(names.values())
    return {key: name if often[name] == 1 else f"{name} {key}" for key, name in names.items()}


def pools_missing(cycle: Cycle) -> list[str]:
    """The keys of pools that need an amount, a pool of each team one for every team, and have none."""
    if not cycle.plan_text:
        return []
    return missing_pools(plan_in(cycle.plan_text), given_in(cycle.amounts).pools, teams_of(cycle))


def own_memberships(viewer: Viewer) -> QuerySet[CycleMember]:
    """The cycles that the viewer's own person is in, newest first."""
    found = members(viewer).filter(person=viewer.own_number).select_related("scorecard")
    return found.order_by("-cycle__period", "-cycle_id")


def history(viewer: Viewer, person: str) -> QuerySet[CycleMember]:
    """A person's cycles, newest first, as far as they are the viewer's to see."""
    return members(viewer).filter(person=person).select_related("scorecard").order_by("-cycle__period", "-cycle_id")


def is_untold(viewer: Viewer, member: CycleMember) -> bool:
    """Whether this is the viewer's own result while leads and committees are still at work on it."""
    return member.cycle.at in UNSHARED and viewer.person == member.person


def held_card(viewer: Viewer, member: CycleMember) -> Scorecard | None:
    """The version to show: the one that holds; to the person the computed one until the result is shared."""
    return held_cards(viewer, member).first() if is_untold(viewer, member) else member.scorecard


def held_cards(viewer: Viewer, member: CycleMember) -> QuerySet[Scorecard]:
    """The same as a query whose first row it is, for whoever needs a part of it alone."""
    if is_untold(viewer, member):
        return member.scorecards.filter(why="computed").order_by("-n")
    return Scorecard.objects.filter(pk__in=[] if member.scorecard_id is None else [member.scorecard_id])


def comments(viewer: Viewer, member: CycleMember) -> list[Comment]:
    """What was written, oldest first; the lead's review only once it is shared, to the person."""
    hidden = is_untold(viewer, member)
    return [each for each in member.comments.all() if not (hidden and each.kind in ("lead", WAIVED))]


def done_by(member: CycleMember, *, appeal_open: bool = False) -> Done:
    """What a person and their lead have done; of a person without a lead no review is waited for."""
    unled = not (member.lead or member.named)
    return Done(
        self_review=member.self_reviewed_at is not None, lead_review=unled or member.reviewed_at is not None,
        talk=member.talked_at is not None, answered=member.answered_at is not None, appeal_open=appeal_open,
    )  # fmt: skip


def place_of(member: CycleMember, *, appeal_open: bool = False) -> Place:
    return place(member.cycle.at, done_by(member, appeal_open=appeal_open))


def open_appeals(cycle: Cycle) -> QuerySet[Appeal]:
    """The appeals of a cycle that nobody decided yet."""
    return Appeal.objects.filter(member__cycle=cycle, state="open")


def appeals(viewer: Viewer) -> QuerySet[Appeal]:
    """The appeals of the people in reach, undecided ones first: the own always, others' for whoever decides them."""
    found = Appeal.objects.select_related("member__cycle").defer("member__cycle__basis")
    found = found.filter(member__in=members(viewer).values("pk"))
    if not viewer.may(Permission.APPEALS_DECIDE) and not viewer.may(Permission.AUDIT_READ):
        found = found.filter(member__person=viewer.own_number)
    decided = Case(When(state="open", then=0), default=1)
    return found.order_by(decided, "-member__cycle__period", "-filed_at", "-id")


def appeal_of(viewer: Viewer, number: int) -> Appeal:
    """One appeal; ``UnknownName`` alike for one out of reach and one that is not there."""
    found = appeals(viewer).filter(pk=number).select_related("member__cycle", "member__scorecard").first()
    if found is None:
        raise UnknownName("appeal", str(number), ())
    return found


def row_names(member: CycleMember, code: str) -> dict[str, str]:
    """What a row of the scorecard that holds is called, by language; empty where it has no such row."""
    pages = member.scorecard.result["pages"] if member.scorecard else {}
    return {
        language: row["name"]
        for language, page in pages.items()
        for row in page["rows"]
        if row["anchor"] == f"i-{code}"
    }


def may_decide(viewer: Viewer, appeal: Appeal) -> bool:
    """Somebody with the permission who is not the person, did not review them and does not lead them."""
    member = appeal.member
    involved = {member.person, member.lead} | set(member.comments.filter(kind="lead").values_list("author", flat=True))
    asked = viewer.account is not None and StandIn.objects.filter(member=member, account=viewer.account).exists()
    free = not asked and viewer.signature not in involved
    return viewer.may(Permission.APPEALS_DECIDE) and free and not viewer.read_only


def precedents(indicator: str) -> QuerySet[Appeal]:
    """Accepted appeals about an indicator that were made a precedent, newest first."""
    found = Appeal.objects.filter(indicator=indicator, precedent=True, state__in=("accepted", "partly"))
    return found.order_by("-decided_at", "-id")


def overturned() -> list[tuple[str, str, int, int]]:
    """By indicator, most often overturned first: code, name, decided appeals, those accepted wholly or in part."""
    decided = Appeal.objects.filter(state__in=("accepted", "partly", "rejected")).order_by()
    rows = decided.values_list("indicator").annotate(
        called=Max("name"), n=Count("id"), won=Count("id", filter=Q(state__in=("accepted", "partly")))
    )  # fmt: skip
    return sorted(rows, key=lambda row: (-row[3], -row[2], row[0]))


def ruled_out(member: CycleMember, code: str) -> list[str]:
    """The cases that no longer count for this figure after appeals."""
    mine = (member.person, member.team)
    rulings = (each for each in member.cycle.rulings if each["kind"] == "leave_out" and each["indicator"] == code)
    return sorted({case for each in rulings if each["subject"] in mine for case in each["cases"]})


def talk_of(member: CycleMember) -> Talk | None:
    """The talk about a result with what was agreed."""
    return Talk.objects.filter(member=member).prefetch_related("actions").first()


def open_actions(viewer: Viewer, member: CycleMember) -> QuerySet[AgreedAction]:
    """What was agreed with this person in talks of earlier cycles and nobody followed up yet."""
    mine = members(viewer).filter(person=member.person).exclude(pk=member.pk)
    return AgreedAction.objects.filter(talk__member__in=mine, done_at=None).order_by("due_on", "id")


def grade_changes(cycle: Cycle) -> QuerySet[GradeChange]:
    """What a calibration session changed, oldest first."""
    return GradeChange.objects.filter(member__cycle=cycle).select_related("member").order_by("at", "id")


def may_review(viewer: Viewer, member: CycleMember) -> bool:
    """Whether the viewer reviews this person: not oneself, somebody in reach."""
    if viewer.read_only or viewer.person == member.person:
        return False
    reach = reach_for(viewer, Permission.SCORES_REVIEW)
    led = member.team in viewer.teams or (viewer.person is not None and member.lead == viewer.person)
    named = member.named
    asked = named is not None and viewer.account is not None and named.account_id == viewer.account
    return reach is Reach.ALL or (reach is Reach.TEAMS and (led or asked))


def reviewers(member: CycleMember) -> QuerySet[User]:
    """The accounts that may be asked to review a person: those that review people at all, never the person's own."""
    roles = [role.value for role, (_reach, may) in GRANTS.items() if Permission.SCORES_REVIEW in may]
    found = User.objects.filter(is_active=True, grants__role__in=roles).exclude(person__number=member.person)
    return found.distinct().order_by("person__sort", "username")


def last_job(cycle: Cycle, kind: JobKind) -> CycleJob | None:
    """The newest of its kind, be it over or running."""
    return CycleJob.objects.filter(cycle=cycle, kind=kind).order_by("-id").first()


def broken(cycle: Cycle) -> list[Scorecard]:
    """The stored scorecards of a cycle that are not what was stored: somebody changed a row behind the product."""
    held = Scorecard.objects.filter(member__cycle=cycle).select_related("member").order_by("member__person", "n")
    return [card for card in held.iterator(chunk_size=200) if not is_whole(card)]


def is_whole(card: Scorecard) -> bool:
    """Whether a stored scorecard still says what its digest says."""
    said = Made(
        person=card.member.person, score=card.score, grade=card.grade, coefficient=card.coefficient, result=card.result
    )
    return digest_of(said, card.n, card.as_of) == card.digest
