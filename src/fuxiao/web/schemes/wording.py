"""What the parts of a scheme are called on pages, and a change between two versions as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fuxiao.base.wording import LIST, say
from fuxiao.core.score import CURVES
from fuxiao.core.score.scheme import TEAM_SCORE
from fuxiao.performance.scheme_text import Step
from fuxiao.web.org.positions import position_word
from fuxiao.web.words import language, t

LABELS: Mapping[str, tuple[str, str]] = {
    "weight": ("权重", "Weight"), "indicator": ("指标", "Indicator"), "curve": ("计分方式", "Curve"),
    "type": ("计分方式", "Curve"), "scope": ("按谁的数值", "Whose value"), "small_sample": ("样本太少时", "Small sample"),
    "tenure": ("新人按学习期目标", "Learning period applies"), "of_norm": ("门槛是本人常态的倍数", "Multiples of the own norm"),
    "raters_min": ("至少几人评分", "Raters needed"), "subjective": ("主观评价", "Judged by people"),
    "dimension": ("维度", "Dimension"), "counter_in": ("制衡指标在别处", "Counter-indicator elsewhere"),
    "counter_waived": ("不放制衡指标的理由", "Why there is no counter-indicator"), "note": ("评分标准与说明", "Rubric and notes"),
    "floor": ("门槛", "Floor"), "target": ("目标", "Target"), "stretch": ("挑战", "Stretch"),
    "floor_points": ("门槛得分", "Points at the floor"), "target_points": ("目标得分", "Points at the target"),
    "stretch_points": ("挑战得分", "Points at the stretch"), "below_points": ("低于门槛得分", "Points below the floor"),
    "low": ("区间下限", "Best from"), "high": ("区间上限", "Best up to"), "zero_low": ("下侧零分点", "Nought below"),
    "zero_high": ("上侧零分点", "Nought above"), "best": ("最高分", "Best"), "lowest": ("最低分", "Lowest"),
    "table": ("分档（界限: 得分）", "Tiers (bound: points)"), "otherwise": ("其余得分", "Otherwise"),
    "better": ("哪边更好", "Which is better"), "worth": ("本项满分", "Worth"), "each": ("每单位分数", "Points a unit"),
    "rounding": ("不足一单位", "Part of a unit"), "per": ("一单位是", "One unit is"), "beyond": ("从多少起算", "Counted beyond"),
    "side": ("哪一侧", "Which side"), "cap": ("封顶", "Cap"), "given": ("固定得分", "Points"),
    "positions": ("考核的岗位", "Positions scored"), "names": ("名称", "Name"), "zh": ("中文名", "Name in Chinese"), "en": ("英文名", "Name in English"),
    "front_line": ("一线岗位", "Front line"), "share": ("本人与团队", "Own and team"), "own": ("本人占比", "Own share"),
    "team": ("团队占比", "Team share"), "cycle": ("周期", "Cycle"), "grades": ("等级下限", "Grades"),
    "coefficients": ("绩效系数", "Coefficients"), "vetoes": ("一票否决", "Vetoes"), "bonus": ("加分", "Bonus points"),
    "deductions": ("减分", "Deductions"), "rules": ("规则", "Rules"), "points": ("分数", "Points"),
    "event": ("事件", "Event"), "mode": ("后果", "Effect"), "limit": ("总分上限", "Highest total"), "grade": ("等级上限", "Best grade"),
    "limits": ("分数边界", "Bounds"), "missing_share": ("缺失超过多少不评级（%）", "Not rated above (% missing)"),
    "unrated_coefficient": ("未评级的系数", "Coefficient of the unrated"), "highest": ("总分上限", "Highest total"),
    "distribution": ("强制分布", "Forced distribution"), "enabled": ("启用", "On"), "minimum": ("至少多少人", "Least people"),
    "shares": ("各等级占比（%）", "Share of each grade (%)"), "ranks": ("并列名次", "Ties"), "items": ("考核项目", "Items"),
    "roles": ("岗位", "Roles"), "kind": ("系数算法", "How"), "least": ("最低", "Least"), "most": ("最高", "Most"),
    "gates": ("门槛条件", "Gates"), "ratings": ("评分", "Ratings"), "rubric": ("评分标准", "Rubric"), "rated_by": ("谁来评", "Rated by"),
    "calibrate": ("校准评分宽严", "Even strict and mild raters out"),
    "bands": ("各等级区间", "Across each grade"), "normalise": ("自动折算到 100", "Scale to 100"),
}  # fmt: skip
CHOICES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "scope": (("own", "本人", "the person's"), ("team", "班组（人人同分）", "the team's (the same for all)")),
    "small_sample": (("missing", "不计分，权重分给其他项", "not scored, its weight goes to the others"),
                     ("shrunk", "用收缩估计计分", "score the shrunken estimate")),
    "better": (("higher", "越高越好", "higher"), ("lower", "越低越好", "lower")),
    "rounding": (("continuous", "按比例", "in proportion"), ("ceil", "不足一单位按一单位", "counts as a whole"),
                 ("floor", "不足一单位不计", "does not count")),
    "side": (("above", "高于才算", "above"), ("below", "低于才算", "below")),
    "mode": (("grade_cap", "等级封顶", "grade at best"), ("cap", "总分封顶", "total at most"), ("zero", "总分清零", "total is nought")),
    "rated_by": (("lead", "直接主管（一个评分）", "the lead (one rating)"), ("panel", "评审组：能评语的人都评，取平均", "a panel: everybody who may review, the mean counts")),
    "gate_mode": (("grade_cap", "等级封顶", "grade at best"), ("cap", "总分封顶", "total at most")),
    "kind": (("table", "按等级查表", "by grade, a table"), ("score", "得分 ÷ 100", "score ÷ 100"),
             ("linear", "等级区间内按直线", "straight across each grade"), ("payout", "按兑现曲线", "by a payout curve")),
    "cycle": (("week", "周", "week"), ("month", "月", "month"), ("quarter", "季", "quarter"), ("half", "半年", "half-year"),
              ("year", "年", "year")),
    "ranks": (("competition", "并列后跳号（1、2、2、4）", "1, 2, 2, 4"), ("dense", "并列不跳号（1、2、2、3）", "1, 2, 2, 3"),
              ("fractional", "取平均名次（1、2.5、2.5、4）", "1, 2.5, 2.5, 4")),
}  # fmt: skip
EVENTS: Mapping[str, tuple[str, str]] = {
    "SAF": ("安全事故", "safety incident"), "CHG": ("违规收费", "unauthorised charging"),
    "data_leak": ("泄露客户资料", "leaked customer data"), "forged_records": ("伪造记录", "forged records"),
    "accepted_idea": ("合理化建议被采纳", "an accepted idea"), "rescue": ("主动救援同事的工单", "rescued a colleague's case"),
    "knowledge_article": ("知识条目被采用", "a knowledge article in use"),
}  # fmt: skip
TEAM_WORDS = ("班组得分", "Score of the team")


def label(name: str) -> str:
    return t(*LABELS[name]) if name in LABELS else name


def choices(name: str) -> list[tuple[str, str]]:
    return [(code, t(zh, en)) for code, zh, en in CHOICES[name]]


def curve_name(key: str) -> str:
    return CURVES[key].names[language()] if key in CURVES else key


def event_name(code: str) -> str:
    return t(*EVENTS[code]) if code in EVENTS else code


def indicator_name(code: str, names: Mapping[str, str]) -> str:
    return t(*TEAM_WORDS) if code == TEAM_SCORE else names.get(code, code)


def sentences(steps: Sequence[Step], names: Mapping[str, str]) -> list[str]:
    """The differences of two versions in words, an item that came or went as one sentence."""
    gone, come = _whole(steps, names, old=True), _whole(steps, names, old=False)
    told = [t("删除{what}", "{what} removed", what=what) for what in gone.values()]
    told += [t("新增{what}", "{what} added", what=what) for what in come.values()]
    rest = [step for step in steps if not any(step.path[: len(path)] == path for path in (*gone, *come))]
    return told + [_sentence(step, names) for step in rest]


def _whole(steps: Sequence[Step], names: Mapping[str, str], *, old: bool) -> dict[tuple[str, ...], str]:
    """Roles and items of which everything came, or went."""
    found: dict[tuple[str, ...], str] = {}
    for step in steps:
        if step.path[-1] == "indicator" and "items" in step.path and (step.new if not old else step.old) and not (
            step.old if not old else step.new
        ):  # fmt: skip
            path = step.path[:-1]
            weight = next((s for s in steps if s.path == (*path, "weight")), None)
            share = f" {weight.old if old else weight.new}%" if weight else ""
            found[path] = _place(path, names) + share
    return found


def _sentence(step: Step, names: Mapping[str, str]) -> str:
    kind = "position" if "positions" in step.path else step.path[-1]
    old, new = (_shown(kind, value) for value in (step.old, step.new))
    colon, arrow = t("：", ": "), " → "
    if not step.old:
        return f"{_place(step.path, names)}{colon}{t('设为 {new}', 'set to {new}', new=new)}"
    if not step.new:
        return f"{_place(step.path, names)}{colon}{t('不再写（原为 {old}）', 'no longer given (was {old})', old=old)}"
    return f"{_place(step.path, names)}{colon}{old}{arrow}{new}"


def _place(path: tuple[str, ...], names: Mapping[str, str]) -> str:
    """A path as people say it: role, indicator, what of it."""
    parts = []
    for at, step in enumerate(path):
        before = path[at - 1] if at else ""
        if step in ("roles", "items", "curve", "rules", "type") and at < len(path) - 1:
            continue
        if before == "roles":
            parts.append(position_word(step))
        elif before == "positions":
            continue
        elif before == "items":
            parts.append(indicator_name(step, names))
        elif before in ("vetoes", "rules"):
            parts.append(event_name(step))
        elif before == "gates":
            parts.append(indicator_name(step, names))
        else:
            parts.append(label(step))
    return " · ".join(parts)


def _shown(name: str, value: str) -> str:
    if name == "type":
        return curve_name(value)
    if name == "position":
        return position_word(value)
    if value in ("True", "False"):
        return t("是", "yes") if value == "True" else t("否", "no")
    return dict(choices(name)).get(value, value) if name in CHOICES else value


def listed(parts: Sequence[str]) -> str:
    return LIST[language()].join(parts)


def direction_words(direction: str) -> str:
    return say(f"direction.{direction}", language())
