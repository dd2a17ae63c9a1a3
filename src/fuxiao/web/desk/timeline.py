"""What happened to a case, in words: its events and what people said, newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fuxiao.base.wording import say
from fuxiao.core.case_life import Verb
from fuxiao.service.models import Case, CaseEvent, Comment
from fuxiao.web.cases.wording import event_word
from fuxiao.web.desk.labels import verb_word
from fuxiao.web.metrics.wording import formats
from fuxiao.web.words import language, t

SOURCES = {"rule": ("按规则", "by rule"), "public": ("客户自助", "by the customer"), "lake": ("导入", "imported")}
LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a moment, what, who, details; ``text`` is what somebody wrote, ``tone`` says to whom."""

    at: datetime
    what: str
    who: str
    details: Sequence[str]
    text: str = ""
    tone: str = ""


def timeline(case: Case, events: Sequence[CaseEvent], held: Collection[str]) -> list[Entry]:
    """Events and comments, newest first; ``held`` is what belongs to the case."""
    comments = list(case.comments.all()) if "comments" in held else []
    said = [_said(comment) for comment in comments]
    answers = {(comment.at.replace(microsecond=0), comment.author_name) for comment in comments if comment.public}
    shown = [
        _entry(event) for event in events
        if not (event.type == "responded" and (event.at, event.actor.name if event.actor else "") in answers)
    ]  # fmt: skip
    return sorted([*said, *voiced(case, held), *shown], key=lambda entry: entry.at)[::-1]


def voiced(case: Case, held: Collection[str]) -> Iterator[Entry]:
    """What the customer thought of it, complained of, and what checkers found. At most three queries."""
    for survey in case.surveys.filter(answered_at__isnull=False) if "surveys" in held else ():
        details = [f"{survey.csat} / 5", *([f"NPS {survey.nps}"] if survey.nps is not None else [])]
        if survey.solved is not None:
            details.append(t("问题已解决", "solved") if survey.solved else t("问题没有解决", "not solved"))
        at = survey.answered_at or survey.due_at
        yield Entry(at, t("客户评价", "The customer's mark"), "", details, survey.comment, "public")
    for made in case.complaints.all() if "complaints" in held else ():
        what = t("客户投诉", "The customer complained")
        yield Entry(made.received_at, what, "", [made.number], made.text, "public")
    for check in case.checks.filter(again__isnull=True) if "checks" in held else ():
        yield Entry(check.checked_at, t("质检", "Quality check"), check.checker_name, [check.number], "", "internal")


def _said(comment: Comment) -> Entry:
    words = (t("回复客户", "Answered the customer") if comment.author_id else t("客户留言", "The customer wrote")) \
        if comment.public else t("内部备注", "Internal comment")  # fmt: skip
    return Entry(comment.at, words, comment.author_name, (), comment.text, "public" if comment.public else "internal")


def _entry(event: CaseEvent) -> Entry:
    what = verb_word(Verb.ROUTE) if event.activity == Verb.ROUTE else event_word(event.type)
    who = event.actor.name if event.actor else t(*SOURCES.get(event.source, ("系统", "the system")))
    return Entry(event.at, what, who, list(_details(event)), event.note)


def _details(event: CaseEvent) -> Iterator[str]:
    if event.kind and event.type in {"pend_start", "pend_end"}:
        yield say(f"reason.paused:{event.kind}", language())
    if event.to_person and event.to_person_id != event.actor_id:
        yield t("给 {who}", "to {who}", who=event.to_person.name)
    if event.to_team and event.to_team_id != event.from_team_id:
        yield f"{event.from_team.name} → {event.to_team.name}" if event.from_team else event.to_team.name
    flags = ((event.template, ("模板，不算人工响应", "template, no human answer")), (event.wrong, ("错误转派", "wrong transfer")),
             (event.self_picked, ("自取", "picked by the handler")))  # fmt: skip
    yield from (t(*words) for flag, words in flags if flag)
    if event.reason:
        yield event.reason
    if event.recorded_at - event.at > LATE:
        yield t("补登于 {at}", "recorded later, {at}", at=formats().moment(event.recorded_at))


def why_chosen(case: Case) -> str:
    """Why this person has the case, where a rule decided."""
    why = case.assigned_why
    if not why:
        return ""
    if "people" not in why:
        return t("规则“{rule}”：进入{team}队列", "Rule “{rule}”: into the queue of {team}", **why)
    facts = {**why, "skill": why["skill"] or t("不限", "any")}
    if not why["chosen"]:
        return t("规则“{rule}”：{team}有 {people} 人，没有人在岗且会（{skill}），留在队列",
                 "Rule “{rule}”: of {people} in {team} nobody is there and able ({skill}); left in the queue", **facts)  # fmt: skip
    return t(
        "规则“{rule}”：{team}有 {people} 人，{fitting} 人在岗且会（{skill}），其中在手最少（{load} 张）",
        "Rule “{rule}”: of {people} in {team}, {fitting} are there and able ({skill}); this one had least in hand ({load})",
        **facts,
    )  # fmt: skip
