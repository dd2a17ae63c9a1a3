"""What pages of the desk read before they show or change a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from fuxiao.base.clock import now
from fuxiao.base.clock import today as clock_today
from fuxiao.org.models import Team
from fuxiao.org.queries import open_teams
from fuxiao.service.models import Case, ListKind
from fuxiao.service.queries.cases import counts
from fuxiao.service.queries.reach import Scope, case_in_reach, scope_of
from fuxiao.web.access import Request
from fuxiao.web.desk import labels
from fuxiao.web.desk.people import known_people
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import known
from fuxiao.web.words import language


def today() -> date:
    """Today in the organisation's zone."""
    return clock_today(organisation().zone)


def case_or_404(request: Request, number: str) -> Case:
    """The case; 404 as well where it is not in the reader's reach."""
    found = case_in_reach(request.viewer, number, on=today())
    if found is None:
        raise Http404
    return found


def asked_back(request: Request) -> str:
    """The page of the desk, or the first page, that something is done from; empty where it is the case itself."""
    back = request.POST.get("back") or request.GET.get("back", "")
    return back if back == reverse("home") or back.startswith(reverse("desk")) else ""


def way_back(request: Request, *, otherwise: str) -> str:
    """Where something was done from, as ``back`` says it."""
    return asked_back(request) or otherwise


def teams(request: Request) -> list[Team]:
    """The teams that cases can be given to."""
    return known(request, "desk teams", lambda: list(open_teams()))


def people(request: Request) -> SafeString:
    """Those employed as options of a field that proposes them."""
    on = today()
    option = '<option value="{} {}"></option>'
    return known(request, ("desk people", on), lambda: format_html_join("", option, known_people(on=on)))


def lists(request: Request) -> Mapping[ListKind, list[tuple[str, str]]]:
    """Keys and words of every list of the desk that may be chosen from."""
    return known(request, ("desk lists", language()), lambda: labels.lists(*ListKind))


def words_known(request: Request) -> Mapping[tuple[str, str], str]:
    """The words of every list of the desk by list and key, those out of use too."""
    return known(request, ("desk words", language()), labels.all_words)


def priorities(request: Request) -> dict[str, str]:
    """The words of priorities by key, those out of use too."""
    return {key: word for (kind, key), word in words_known(request).items() if kind == ListKind.PRIORITY}


def categories(request: Request) -> list[tuple[str, str]]:
    return known(request, ("desk categories", language()), labels.categories)


def scope(request: Request) -> Scope | None:
    """Whose cases the reader sees today."""
    on = today()
    return known(request, ("desk scope", request.viewer, on), lambda: scope_of(request.viewer, on=on))


def numbers(request: Request) -> Mapping[str, int]:
    """How many open cases there are of each kind, as of the minute."""
    on, at = today(), now().replace(second=0, microsecond=0)
    return known(request, ("desk numbers", request.viewer, on, at), lambda: counts(request.viewer, on=on, now=at))
