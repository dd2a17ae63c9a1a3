"""The attribution codes: to whom an indicator counts a fact."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.core.errors import UnknownName


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One way to credit a fact, with its names; ``personal`` is false where only the unit is credited."""

    code: str
    zh: str
    en: str
    zh_meaning: str
    en_meaning: str
    personal: bool = True


ATTRIBUTIONS = {
    item.code: item
    for item in (
        Attribution(
            code="A1",
            zh="首次响应人",
            en="First responder",
            zh_meaning="第一个人工回复客户的人；尚无人回复时为责任人，没有责任人则只计入团队",
            en_meaning="whoever first answered the customer in person; unanswered: the owner, else the unit only",
        ),
        Attribution(
            code="AO",
            zh="责任人",
            en="Owner",
            zh_meaning="工单最后一次解决时的持有人；尚未解决时为当前持有人",
            en_meaning="who held the case at its last resolve; while unresolved, who holds it now",
        ),
        Attribution(
            code="AS",
            zh="工时分摊",
            en="Time share",
            zh_meaning="按各持有人的净工作时长分摊；都没有时长时全部归责任人",
            en_meaning="every holder, by net working time held; all to the owner where nobody has any",
        ),
        Attribution(
            code="AV",
            zh="上门工程师",
            en="Visit engineer",
            zh_meaning="该次上门的工程师；多人同行时平均分摊",
            en_meaning="the engineer of the visit; several engineers share alike",
        ),
        Attribution(
            code="AP",
            zh="前次修复人",
            en="Previous fixer",
            zh_meaning="返修记在上一次标记修好的人名下，绝不记在救场的人名下",
            en_meaning="rework is charged to whoever marked it fixed before, never to the rescuer",
        ),
        Attribution(
            code="AX",
            zh="误转派人",
            en="Sender of a wrong transfer",
            zh_meaning="经复核认定转派错误的发起人，按错误次数分摊",
            en_meaning="who sent a transfer that a review found wrong, by number of wrong transfers",
        ),
        Attribution(
            code="AC",
            zh="判责责任人",
            en="Person found responsible",
            zh_meaning="由判责结论认定；待判责期间不记任何人",
            en_meaning="decided by review; nobody while the review is pending",
        ),
        Attribution(
            code="AG",
            zh="被评价人",
            en="Person the survey is about",
            zh_meaning="调查所评价的人；未指明时为责任人",
            en_meaning="the person the survey names, else the owner",
        ),
        Attribution(
            code="AU",
            zh="仅计团队",
            en="Unit only",
            zh_meaning="只计入团队，绝不计入个人",
            en_meaning="counts for the unit, never for a person",
            personal=False,
        ),
    )
}


def attribution(code: str) -> Attribution:
    """The attribution with this code; ``UnknownName`` where there is none."""
    try:
        return ATTRIBUTIONS[code]
    except KeyError:
        raise UnknownName("attribution", code, ATTRIBUTIONS) from None
