"""The board: cases by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.core.case_life import State, Verb
from fuxiao.service.models import ListKind
from fuxiao.service.queries.cases import Wanted, page_of
from fuxiao.service.queries.lines import Line
from fuxiao.service.rights import may_do
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk import labels
from fuxiao.web.desk.listing import address_of, wanted_of
from fuxiao.web.desk.reading import lists, priorities, scope, teams
from fuxiao.web.templatetags.frame import address_on_page

COLUMNS = (State.NEW, State.ASSIGNED, State.ACCEPTED, State.PENDING, State.RESOLVED)
MOST = 25
"""So many cards a column; the list has the rest."""
MOVES = {
    State.NEW: (Verb.ACCEPT, Verb.ASSIGN), State.ASSIGNED: (Verb.ACCEPT, Verb.ASSIGN, Verb.PEND, Verb.RESOLVE),
    State.ACCEPTED: (Verb.PEND, Verb.RESOLVE), State.PENDING: (Verb.RESUME, Verb.RESOLVE),
    State.RESOLVED: (Verb.REOPEN, Verb.CLOSE),
}  # fmt: skip
"""What moves a card out of a column; the page of the case knows the rest."""


ANY = "any-case"
"""Stands for the number of a case in a menu that is shown for many."""


@dataclass(frozen=True, slots=True)
class Move:
    """A way out of a column: by a form that asks, or at once."""

    verb: str
    word: str
    to: str
    bare: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Cases of one state, each with the menu of what moves it."""

    state: str
    word: str
    cards: Sequence[tuple[Line, SafeString]]
    rest: str
    """The address of the list that has the rest; empty where all are here."""


@allowed(Permission.CASE_READ)
@require_GET
def board(request: Request) -> HttpResponse:
    """Cases in columns by state; dragging a card does what its menu does."""
    wanted = wanted_of(request)
    context = {
        "columns": [_column(request, wanted, state) for state in COLUMNS],
        "wanted": wanted, "now": now(), "teams": teams(request), "back": request.get_full_path(),
        "chosen_priorities": lists(request)[ListKind.PRIORITY], "priorities": priorities(request),
    }  # fmt: skip
    return render(request, "desk/board.html#board" if request.htmx else "desk/board.html", context)


def _wanted_in(wanted: Wanted, state: State) -> Wanted:
    return replace(wanted, show="all", state=state.value, order="due" if state is not State.RESOLVED else "new")


def _column(request: Request, wanted: Wanted, state: State) -> Column:
    wanted = _wanted_in(wanted, state)
    page = page_of(request.viewer, wanted, scope=scope(request), now=now(), size=MOST)
    menus = _Menus(request, state)
    cards = [(case, menus.of(case)) for case in page.rows]
    rest = address_of(wanted) if page.after else ""
    return Column(state.value, labels.state_word(state), cards, rest)


class _Menus(dict[tuple[str | None, str | None], SafeString]):
    """The ways out of a column, shown once for all cards of the same owner and taker."""

    def __init__(self, request: Request, state: State) -> None:
        self.request, self.state = request, state
        self.address = reverse("desk_case", args=[ANY])

    def of(self, case: Line) -> SafeString:
        menu = self[case.owner_number, case.taker_number]
        return mark_safe(menu.replace(self.address, address_on_page("desk_case", case.number)))  # noqa: S308 - as shown

    def __missing__(self, whose: tuple[str | None, str | None]) -> SafeString:
        owner, taker = whose
        moves = [
            Move(verb.value, labels.verb_word(verb), labels.LEADS_TO.get(verb, State.CLOSED).value, verb in labels.BARE)
            for verb in MOVES[self.state] if may_do(self.request.viewer, verb, owner=owner, taker=taker)
        ]  # fmt: skip
        context = {"moves": moves, "any": ANY, "back": self.request.get_full_path()}
        self[whose] = render_to_string("desk/moves.html", context)
        return self[whose]
