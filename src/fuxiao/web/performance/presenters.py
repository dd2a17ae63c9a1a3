"""Steps, places and reasons of cycles in words; a scorecard page put together for its reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fuxiao.base.wording import say
from fuxiao.core.cycle import OPTIONAL, Place, Step
from fuxiao.core.period import PeriodKind, parse_period
from fuxiao.core.score import Scorecard
from fuxiao.incentives.sealing import Difference
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.cycles.queries import place_of
from fuxiao.web.metrics.periods import title
from fuxiao.web.words import language, t

STEPS = {
    Step.RUNNING: ("进行中", "Running"), Step.CUT_OFF: ("数据截止", "Data closed"), Step.COMPUTED: ("已算分", "Computed"),
    Step.SELF_REVIEW: ("员工自评", "Self-review"), Step.LEAD_REVIEW: ("主管评语", "Lead review"),
    Step.CALIBRATION: ("校准", "Calibration"), Step.SHARED: ("已公布", "Shared"), Step.FINAL: ("已定案", "Final"),
    Step.SEALED: ("已封存", "Sealed"),
}  # fmt: skip
NEXT = {
    Step.RUNNING: ("截止数据并算分", "Close the data and compute"), Step.COMPUTED: ("", ""),
    Step.SELF_REVIEW: ("开始员工自评", "Start self-reviews"), Step.LEAD_REVIEW: ("开始主管评语", "Start lead reviews"),
    Step.CALIBRATION: ("开始校准", "Start calibration"), Step.SHARED: ("公布结果", "Share the results"),
    Step.FINAL: ("定案", "Make it final"), Step.SEALED: ("封存", "Seal"),
}  # fmt: skip
HINTS = {
    Step.RUNNING: ("每个人在“我的绩效”里看得到自己的实时得分。数据到截止日自动截止并算分；到了那天也可以自己按。",
                   "Everybody sees their live score under My scorecard. The data closes and is computed by itself on its day; on that day you can press as well."),
    Step.COMPUTED: ("分数已固定：之后来的数据不再改变它。点人名看评分卡，没有问题就进入下一步。",
                    "The scores are fixed: data that comes later changes nothing. Open scorecards by their names; if all is well, go on."),
    Step.SELF_REVIEW: ("员工在“我的绩效”里写自评，有账号的人已收到通知。没写完也可以进入下一步。",
                       "People write their self-review under My scorecard; those with an account were told. You may go on before all have written."),
    Step.LEAD_REVIEW: ("主管点人名打开评分卡，写优点和待改进。写完，或写明理由不再等，才能进入下一步。",
                       "Leads open a scorecard by its name and write strengths and what to work on. The cycle goes on once all have written, or once you say why you no longer wait."),
    Step.CALIBRATION: ("打开“校准”比较各主管给的分、看等级分布；改等级要写理由。不用改就直接公布。",
                       "Under Calibration compare leads and look at the grades; a change needs a reason. If nothing is to change, share the results."),
    Step.SHARED: ("每个人看得到自己的结果，可以确认或申诉，主管约面谈。申诉都裁定、申诉期过去之后就能定案；没面谈、没确认不挡定案。",
                  "Everybody sees the own result and acknowledges it or appeals; leads hold talks. Once appeals are decided and the days to appeal are over it can be made final; open talks and answers do not hold it up."),
    Step.FINAL: ("结果已定，不能再改。封存会记下数据、规则和每一行结果的摘要，以后任何改动都能查出来。",
                 "The results are final. Sealing writes digests of data, rules and every row, so that any later change is found."),
    Step.SEALED: ("这个周期已结束。按“核验”会重新算一遍并逐行比对。",
                  "This cycle is over. Verify computes it again and compares row by row."),
}  # fmt: skip
"""What is done in a step, by whom, and what lets the cycle go on."""
PLACES = {
    Place.RUNNING: ("进行中", "running", ""), Place.SELF_DUE: ("待自评", "self-review due", "near"),
    Place.REVIEW_DUE: ("待主管评语", "lead review due", "near"), Place.WAITING: ("等待下一步", "waiting", ""),
    Place.TALK_DUE: ("待面谈", "talk due", "near"), Place.ANSWER_DUE: ("待本人确认", "answer due", "near"),
    Place.APPEALED: ("申诉中", "appealed", "bad"), Place.ACKNOWLEDGED: ("已确认", "acknowledged", "good"),
    Place.FINAL: ("已定案", "final", "good"),
}  # fmt: skip
KINDS = {
    PeriodKind.MONTH: ("月度考核", "Monthly"), PeriodKind.QUARTER: ("季度考核", "Quarterly"),
    PeriodKind.HALF: ("半年考核", "Half-yearly"), PeriodKind.YEAR: ("年度考核", "Yearly"),
}  # fmt: skip
RANKS = {
    "full": ("名次", "the place"), "percentile": ("百分位", "the percentile"), "none": ("只看自己", "only oneself"),
}  # fmt: skip
REASONS = {
    "joined": ("{day} 起加入", "joined on {day}"), "left": ("{day} 起离开", "left on {day}"),
    "transferred": ("{day} 从{from}调入", "transferred from {from} on {day}"),
    "position": ("{day} 换岗", "changed position on {day}"),
    "leave": ("出勤 {attended}/{scheduled} 天", "present {attended} of {scheduled:day/days}"),
}  # fmt: skip


APPEAL_KINDS = {
    "data": ("数据有误", "Wrong data"), "attribution": ("归因有误", "Credited wrongly"),
    "exclusion": ("应剔除而未剔除", "Should be left out"), "rule": ("规则用错", "Rule misapplied"),
    "procedure": ("程序问题", "Procedure"),
}  # fmt: skip
APPEAL_STATES = {
    "open": ("待裁定", "open", "near"), "accepted": ("成立", "accepted", "good"), "partly": ("部分成立", "partly accepted", "good"),
    "rejected": ("不成立", "rejected", ""), "withdrawn": ("已撤回", "withdrawn", ""),
}  # fmt: skip
TALK_PARTS = (
    ("goal", ("目标", "Goal"), ("下一期想达到什么", "What is to be reached next")),
    ("reality", ("现状", "Reality"), ("发生了什么、有什么影响（情境—行为—影响）", "What happened and what came of it (situation, behaviour, impact)")),
    ("options", ("办法", "Options"), ("有哪些做法，需要什么支持", "What could be done, and which help is needed")),
    ("will", ("打算", "Will"), ("本人决定怎么做（必填）", "What the person decided to do (needed)")),
    ("upward", ("希望主管改变什么", "What should the lead change"), ("由本人说", "In the person's words")),
)  # fmt: skip
"""The parts of a talk (GROW): name, title, hint."""


PAPERS = {
    "cycle": ("周期", "cycle"), "cyclemember": ("人员", "person"), "scorecard": ("评分卡", "scorecard"),
    "comment": ("评语", "review"), "appeal": ("申诉", "appeal"), "gradechange": ("等级改动", "change of grade"),
    "minutes": ("会议纪要", "minutes"), "talk": ("面谈", "talk"), "agreedaction": ("约定的行动", "agreed action"),
    "rating": ("评分", "rating"), "standin": ("指定的评价人", "named reviewer"), "otherpayout": ("没有评分卡的人的奖金", "pay of somebody without a scorecard"),
}  # fmt: skip
"""Tables of a cycle, as its seal names their rows."""


@dataclass(frozen=True, slots=True)
class Station:
    """A step on the way: its name and ``done``, ``now`` or nothing."""

    step: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """A person on the board."""

    member: CycleMember
    place: str
    tone: str
    late: bool
    score: str
    grade: str
    share: str
    reasons: str
    unrated: bool = False
    owed: str = ""
    """Whose review the cycle waits for."""
    unled: bool = False
    """Nobody is asked to review while the others are reviewed: there is no lead, and nobody was named."""


def difference_line(found: Difference) -> tuple[str, str, str, str]:
    """What is not as it was sealed: what it is, where, as sealed, now."""
    table, _, rest = found.where.partition("/")
    where = f"{t(*PAPERS[table])} {rest}" if found.kind.startswith("row_") else found.where
    return say(f"difference.{found.kind}", language()), where, found.sealed, found.now


def step_word(step: Step) -> str:
    return t(*STEPS[step])


def step_hint(step: Step) -> str:
    return t(*HINTS[step]) if step in HINTS else ""


def cycle_title(cycle: Cycle) -> str:
    """The period in words with the kind of cycle."""
    return title(parse_period(cycle.period))


def kind_word(cycle: Cycle) -> str:
    return t(*KINDS[cycle.kind]) if cycle.kind in KINDS else cycle.period


def stations(cycle: Cycle) -> Iterator[Station]:
    """The way of a cycle; optional steps only where it takes them."""
    way = [step for step in Step if step not in OPTIONAL or step in cycle.stage_steps]
    now = way.index(cycle.at) if cycle.at in way else 0
    for at, step in enumerate(way):
        yield Station(step.value, step_word(step), "done" if at < now else "now" if at == now else "")


def place_word(place: Place) -> tuple[str, str]:
    """The words and the tone of a person's place."""
    zh, en, tone = PLACES[place]
    return t(zh, en), tone


def reasons_text(member: CycleMember) -> str:
    """Why not the whole period counts."""
    words = [t(*REASONS[each["code"]], **each) for each in member.reasons if each["code"] in REASONS]
    return t("；", "; ").join(words)


def share_text(member: CycleMember) -> str:
    """The share of the period, where it is not the whole."""
    return "" if member.days >= member.of_days else f"{member.days}/{member.of_days}"


def lines(
    members: Iterable[CycleMember], *, today: date, appeals: frozenset[int] = frozenset(),
    live: Mapping[str, Scorecard] | None = None, untold: str | None = None,
) -> Iterator[Line]:  # fmt: skip
    """The board's rows; ``untold`` is the person who looks and is not to read the own grade yet."""
    for member in members:
        place = place_of(member, appeal_open=member.pk in appeals)
        word, tone = place_word(place)
        score, grade, unrated = ("—", "", False) if member.person == untold else _score(member, live or {})
        late = tone == "near" and member.cycle.at is Step.SHARED and _overdue(member.cycle, today)
        named = member.named.name if member.named else member.lead_name
        owed = named if place is Place.REVIEW_DUE else ""
        unled = not named and member.cycle.at is Step.LEAD_REVIEW and member.reviewed_at is None
        yield Line(
            member, word, tone, late, score, grade, share_text(member), reasons_text(member), unrated, owed, unled
        )


def _overdue(cycle: Cycle, today: date) -> bool:
    return cycle.window_ends is not None and today > cycle.window_ends


def _score(member: CycleMember, live: Mapping[str, Scorecard]) -> tuple[str, str, bool]:
    """Score, grade, and whether there is a scorecard that rates nobody for want of data."""
    held, card = member.scorecard, live.get(member.person)
    if held is None and card is None:
        return "—", "", False
    score, grade = (held.score, held.grade) if held is not None else (card.total, card.grade) if card else (None, "")
    return ("—" if score is None else f"{score:.2f}"), grade or "", score is None


def tally(found: Sequence[Line]) -> list[tuple[str, str, int]]:
    """How many people stand where: word, tone, count."""
    counts = Counter((line.place, line.tone) for line in found)
    return [(word, tone, count) for (word, tone), count in counts.most_common()]
