"""What a comparison says, in sentences that a team lead understands."""

from __future__ import annotations

from collections.abc import Sequence

from fuxiao.base.wording import form
from fuxiao.core.fairness.classes import Class
from fuxiao.core.indicator import Direction
from fuxiao.performance.fair import Compared, Comparison
from fuxiao.web.fair.choosing import Choice
from fuxiao.web.fair.kinds import factor_words, rate_text
from fuxiao.web.metrics.cuts import TEAM
from fuxiao.web.words import t

SAME = 0.01
"""So little between what was due and the group's rate is no difference in difficulty worth a word."""


def headline(rows: Sequence[Compared], *, by: str, oneself: bool) -> str:
    """The page in one sentence."""
    many = {place: sum(row.place.place is place for row in rows) for place in Class}
    n = len(rows) - many[Class.TOO_FEW]
    if oneself and rows:
        return _of_oneself(rows[0].place.place)
    if not n:
        return t("每一个的样本都太少，还不能比较。", "Everybody has too few cases to be compared yet.")
    told = _apart(n, many[Class.ABOVE], many[Class.BELOW], many[Class.ALIKE], by)
    return told + _too_few(many[Class.TOO_FEW], by)


def _of_oneself(place: Class) -> str:
    return {
        Class.ABOVE: t("你明显好于同岗位在同类工单上的水平。", "You are clearly better than your role is on the same kinds of cases."),
        Class.ALIKE: t("你与同岗位在同类工单上的水平分不出高低。", "You cannot be told apart from your role on the same kinds of cases."),
        Class.BELOW: t("你明显差于同岗位在同类工单上的水平，先看看是哪些工单。", "You are clearly below your role on the same kinds of cases; look at which ones first."),
        Class.TOO_FEW: t("你的样本还太少，不作判断。", "You have too few cases to say anything yet."),
    }[place]  # fmt: skip


def _apart(n: int, above: int, below: int, alike: int, by: str) -> str:
    zh_unit, en_unit = (" 个班组", form("team/teams", n)) if by == TEAM else (" 人", form("person/people", n))
    if not above and not below:
        return t(
            "{n}{unit}分不出高低：差别没有超出运气和工单难易能解释的范围。",
            "{n} {en_unit} cannot be told apart: what differs is no more than luck and the kind of cases explain.",
            n=n, unit=zh_unit, en_unit=en_unit,
        )  # fmt: skip
    zh = [f"{above}{zh_unit}明显好于" if above else "", f"{below}{zh_unit}明显差于" if below else ""]
    en = [f"{above} clearly better" if above else "", f"{below} clearly worse" if below else ""]
    return t(
        "{n}{unit}里 {told}预期{rest}。", "Of {n} {en_unit}, {en_told} than expected{en_rest}.",
        n=n, unit=zh_unit, en_unit=en_unit, told="、".join(filter(None, zh)), en_told=" and ".join(filter(None, en)),
        rest=f"，其余 {alike}{zh_unit}分不出高低" if alike else "",
        en_rest=f"; the other {alike} cannot be told apart" if alike else "",
    )  # fmt: skip


def _too_few(few: int, by: str) -> str:
    unit = "个班组" if by == TEAM else "人"
    words = t("另有 {n} {unit}样本太少，不作判断。", " {n} more with too few cases to say.", n=few, unit=unit)
    return words if few else ""


def mix_word(row: Compared, found: Comparison, chosen: Choice) -> str:
    """How hard the cases were, in a word."""
    gap = row.adjusted.expected / row.adjusted.n - found.centre
    if abs(gap) < SAME:
        return t("相当", "alike")
    harder = gap < 0 if chosen.indicator.direction is Direction.HIGHER else gap > 0
    return t("偏难", "harder") if harder else t("偏易", "easier")


def reason(row: Compared, found: Comparison, chosen: Choice) -> str:
    """Why the adjusted figure differs from the raw one."""
    indicator, due = chosen.indicator, row.adjusted.expected / row.adjusted.n
    gap = due - found.centre
    if abs(gap) < SAME:
        return t("工单难易与全体相当", "cases about as hard as everybody's")
    harder = gap < 0 if indicator.direction is Direction.HIGHER else gap > 0
    facts = {"due": rate_text(due, indicator), "all": rate_text(found.centre, indicator)}
    if harder:
        return t(
            "工单偏难：同样的工单应为 {due}，全体 {all}", "harder cases: {due} to be expected, {all} overall", **facts
        )
    return t("工单偏易：同样的工单应为 {due}，全体 {all}", "easier cases: {due} to be expected, {all} overall", **facts)


def verdict_mark(row: Compared) -> tuple[str, str]:
    """A short remark where raw and adjusted disagree, with its tone."""
    raw, place = row.raw_place.place, row.place.place
    if row.cleared:
        better = raw is Class.ABOVE
        return t("原始看似{how}，调整后分不出", "looked {en_how} raw, not once adjusted", how="较好" if better else "较差",
                 en_how="better" if better else "worse"), "violet"  # fmt: skip
    if raw is Class.ALIKE and place in (Class.ABOVE, Class.BELOW):
        return t("调整后才显出差别", "shows only once adjusted"), "violet"
    return "", ""


def how_judged(found: Comparison, chosen: Choice) -> list[tuple[str, str]]:
    """How the classes came about: heading and plain words."""
    judged = sum(row.place.place is not Class.TOO_FEW for row in found.rows)
    return [
        (t("和谁比", "Compared with"), t(
            "和同岗位全体在同类工单上的实际水平比，不是和目标比，也不是和某个人比。",
            "What the whole role reached on the same kinds of cases: not a target, not another person.",
        )),
        (t("工单怎么分类", "Kinds of cases"), t(
            "按{factors}分成 {k} 类，各类至少 20 单，不足的并入相近的一类。这些都不是处理人自己能选的。",
            "By {factors}: {k} kinds of 20 cases or more, smaller ones joined to their nearest kin. Nobody handling a case chooses these.",
            factors=factor_words(found.strata), k=len(found.mix.whole),
        )),
        (t("同时看很多人", "Many at once"), t(
            "一起比较了 {n} 个，总会有人碰巧突出，所以用 Benjamini–Hochberg 法收紧：被点出来的里面，预计至多 5% 是碰巧。",
            "{n} were compared at once and some always stick out by luck; with Benjamini–Hochberg at most 5 % of those named are expected to.",
            n=judged,
        )),
        (t("差别比运气大吗", "More than luck?"), _spread(found)),
        (t("最小样本", "Minimum sample"), t(
            "不足 {n} 单的不比较、不排序，只列在下面。", "Fewer than {n:case/cases}: not compared, not ordered, only listed below.",
            n=chosen.indicator.minimum,
        )),
    ]  # fmt: skip


def _spread(found: Comparison) -> str:
    spread = found.adjusted_spread
    if spread is None:
        return t("只有一个，没有可比的。", "There is only one; nothing to compare.")
    if not spread.present:
        return t(
            "调整工单难易以后，彼此的差别大致就是运气会有的大小，界限不用放宽。",
            "Once the cases are adjusted for, they differ about as much as luck makes them: the limits stand as they are.",
        )
    return t(
        "彼此的差别是运气的 {x} 倍，多半有没记录到的原因（过度离散），所以界限放宽了同样的倍数，差得更远的才点出来。",
        "They differ {x} times as much as luck makes them, for reasons nobody recorded (overdispersion); the limits were widened as much.",
        x=f"{spread.factor:.1f}",
    )
