"""What people say and do about a case: comments, tasks, links."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from fuxiao.base.actions import record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.case_life import Verb
from fuxiao.core.errors import InputError
from fuxiao.org.models import Person
from fuxiao.org.queries import viewer_of
from fuxiao.service.actions.life import Act, done
from fuxiao.service.actions.writing import KIND, check_right, locked_case, notify_people, own_person, tell
from fuxiao.service.models import Case, CaseLink, Comment, Link, Task
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.service.terms import terms

MENTION = re.compile(r"@([\w\-]{1,60})")
LONGEST = 10_000


@transaction.atomic
def comment(viewer: Viewer, number: str, text: str, *, public: bool, at: datetime) -> tuple[Comment, list[Person]]:
    """Say something about a case; what is ``public`` answers the customer and counts as a response.

    Also gives who was mentioned but does not see the case: they are not told, and the writer should know.
    """
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST:
        raise InputError("case.comment_length", most=LONGEST)
    author = own_person(viewer)
    made = Comment.objects.create(
        case=case, at=at, author=author, author_name=viewer.name, text=text, public=public
    )  # fmt: skip
    if public:
        check_right(viewer, case, Verb.RESPOND)
        done(viewer, case, Act(verb=Verb.RESPOND), at=at)
    else:
        _told(viewer, "case.commented", case, at=at, new={"text": made.text[:200]})
    told, strangers = mentioned(case, made.text, at=at)
    made.mentions.set(told)
    notify_people(told, "case.mentioned", case, at=at, by=viewer)
    return made, strangers


def mentioned(case: Case, text: str, *, at: datetime) -> tuple[list[Person], list[Person]]:
    """Who is named with @ (by number or name): those who see the case, and those who do not."""
    people = _named(set(MENTION.findall(text)))
    on = terms().day(at)
    seeing = [
        person for person in people
        if hasattr(person, "account") and case_in_reach(viewer_of(person.account, on=on), case.number, on=on)
    ]  # fmt: skip
    return seeing, [person for person in people if person not in seeing]


def _named(words: set[str]) -> list[Person]:
    """Whom these words name or begin with: Chinese goes on after a name without a space. The longest name counts."""
    begins = {word: [word[:length] for length in range(len(word), 1, -1)] for word in words}
    named = Q(number__in=words) | Q(name__in={each for found in begins.values() for each in found})
    people = list(Person.objects.filter(named).select_related("account"))
    names = {person.name for person in people}
    meant = {next((each for each in found if each in names), "") for found in begins.values()}
    return [person for person in people if person.number in words or person.name in meant]


@transaction.atomic
def add_task(
    viewer: Viewer, number: str, title: str, *, assignee: Person | None, due_at: datetime | None, at: datetime
) -> Task:
    """Something to be done for the case."""
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    if not title.strip():
        raise InputError("case.no_task", number=number)
    task = Task.objects.create(
        case=case, title=title.strip()[:200], assignee=assignee, due_at=due_at, at=at, by=own_person(viewer)
    )  # fmt: skip
    _told(viewer, "case.task_added", case, at=at, new={"task": task.title})
    notify_people([assignee], "case.task", case, at=at, by=viewer)
    return task


@transaction.atomic
def finish_task(viewer: Viewer, number: str, task: int, *, finished: bool, at: datetime) -> Task:
    """A task is done, or not done after all."""
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    found = Task.objects.filter(case=case, pk=task).first()
    if found is None:
        raise InputError("case.no_task", number=number)
    found.done_at, found.done_by = (at, own_person(viewer)) if finished else (None, None)
    found.save(update_fields=["done_at", "done_by"])
    _told(viewer, "case.task_done" if finished else "case.task_undone", case, at=at, new={"task": found.title})
    return found


@transaction.atomic
def link(viewer: Viewer, number: str, other: str, *, kind: Link, at: datetime) -> CaseLink:
    """Two cases belong together; both have to be in reach."""
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    found = case_in_reach(viewer, other.strip(), on=terms().day(at))
    if found is None or found.pk == case.pk:
        raise InputError("case.link_to_what", other=other)
    made, _ = CaseLink.objects.update_or_create(
        case=case, other=found, defaults={"kind": kind, "at": at, "by": own_person(viewer)}
    )  # fmt: skip
    _told(viewer, "case.linked", case, at=at, new={"case": found.number, "kind": kind.value})
    return made


@transaction.atomic
def unlink(viewer: Viewer, number: str, other: str, *, at: datetime) -> None:
    """Two cases do not belong together after all, whichever named the other."""
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    named = Q(case=case, other__number=other) | Q(other=case, case__number=other)
    gone, _ = CaseLink.objects.filter(named).delete()
    if not gone:
        raise InputError("case.link_to_what", other=other)
    _told(viewer, "case.unlinked", case, at=at, new={"case": other})


def _told(viewer: Viewer, action: str, case: Case, *, at: datetime, new: dict[str, object]) -> None:
    record(viewer, action, kind=KIND, key=case.number, label=case.title, at=at, new=new)
    tell(case, at=at)
