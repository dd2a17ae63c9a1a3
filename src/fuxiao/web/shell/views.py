"""Pages of the frame: start, palette, language, health, errors."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.org import queries as org
from fuxiao.org.models import User
from fuxiao.service.queries.cases import Wanted, page_of
from fuxiao.service.queries.lines import Line
from fuxiao.service.queries.reach import scope_of
from fuxiao.web.access import Request, public, signed_in
from fuxiao.web.shell import navigation
from fuxiao.web.shell.home import is_set_up, organisation
from fuxiao.web.words import t

FOUND = 8
LONGEST = 2_000
"""Characters of an address to go back to."""


@public
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process and its database answer; for the machine that watches over them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@public
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this by themselves where a page names no icon."""
    return redirect(static("fuxiao/mark.svg"), permanent=True)


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen, in the account where there is one, and go back."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(way_back(request))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax")
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def way_back(request: HttpRequest) -> str:
    """The page of this site that the form was sent from, as it says in ``next``; else the first page."""
    after = request.POST.get("next", "")
    inside = after.startswith("/") and len(after) <= LONGEST and url_has_allowed_host_and_scheme(
        after, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )  # fmt: skip
    return after if inside else reverse("home")


@signed_in
@require_GET
def find(request: Request) -> HttpResponse:
    """What the command palette found: pages, then people and open cases in reach."""
    wanted = request.GET.get("q", "").strip()[:80]
    pages = [page for page in navigation.pages(request.viewer) if _named(page, wanted)]
    people = []
    if wanted and request.viewer.may(Permission.ORG_READ):
        on = today(organisation().zone)
        people = org.posts_on(org.people(request.viewer, on=on, search=wanted)[:FOUND], on=on)
    cases: Sequence[Line] = ()
    if len(wanted) >= 2 and request.viewer.may(Permission.CASE_READ):
        scope = scope_of(request.viewer, on=today(organisation().zone))
        cases = page_of(request.viewer, Wanted(search=wanted), scope=scope, now=now(), size=FOUND - 2).rows
    context = {"pages": pages[:FOUND], "people": people, "cases": cases, "wanted": wanted}
    return render(request, "shell/found.html", context)


def _named(page: navigation.Page, wanted: str) -> bool:
    from fuxiao.org.pinyin import folded, initials, plain

    word = folded(wanted).replace(" ", "")
    return any(word in name for name in (page.zh, page.en.lower(), plain(page.zh), initials(page.zh)))


@signed_in
@require_GET
def more(request: Request) -> HttpResponse:
    """On a phone: every page there is to go to."""
    return render(request, "shell/more.html")


@signed_in
@require_GET
def components(request: Request) -> HttpResponse:
    """Every component in every state: what the pages are made of, and a place to look at both themes."""
    return render(request, "components/catalogue.html")


@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """The first page; without an installation, its set-up; without an account, the sign-in."""
    if not is_set_up() or not User.objects.exists():
        return redirect("setup")
    return start(request)


home.rule = "public"  # type: ignore[attr-defined]


@signed_in
def start(request: Request) -> HttpResponse:
    from fuxiao.web.start.views import start_page

    return start_page(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "shell/strayed.html", status=404)
    lines = [t("没有这个页面，或它不在您的权限之内。", "There is no such page, or it is not yours to see.")]
    return render(request, "shell/refused.html", {"lines": lines}, status=404)


def not_opened(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """An address that only forms are sent to, opened as a page; ``allowed`` are the methods that it takes."""
    lines = [t("这个地址只用来提交，不能直接打开。", "Forms are sent to this address; it is no page.")]
    answer = render(request, "shell/refused.html", {"lines": lines}, status=405)
    answer["Allow"] = allowed
    return answer


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: it was open too long, or another site sent it."""
    lines = [t("页面已过期，请返回上一页刷新后再提交。", "This page is too old: go back, reload it and send it again.")]
    return render(request, "shell/refused.html", {"lines": lines}, status=403)
