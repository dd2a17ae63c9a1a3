"""The rule of every address: who may call it. A test walks all addresses and refuses one without a rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import NotPermitted
from fuxiao.web.words import t

View = Callable[..., HttpResponseBase]
PUBLIC, SIGNED_IN = "public", "signed in"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST = 2**63 - 1
"""No record has a larger number: databases hold none."""


class Request(HttpRequest):
    """A request as the views here see it."""

    viewer: Viewer
    """Whose eyes see the page."""
    own: Viewer
    """Whose account it is; the same but while somebody looks through another's eyes."""
    htmx: HtmxDetails
    pulse: int
    """The newest announcement when the request came: another number, another state of the database."""


def public(view: View) -> View:
    """Anybody may call it, signed in or not."""
    view.rule = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody with an account."""
    return _guarded(view, None)


def allowed(permission: Permission) -> Callable[[View], View]:
    """Whoever has the permission; others get 403, the unknown the sign-in page."""
    return lambda view: _guarded(view, permission)


def _guarded(view: View, permission: Permission | None) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        asked = cast("Request", request)
        if not request.user.is_authenticated:
            return to_sign_in(asked)
        if permission is not None and not asked.viewer.may(permission):
            raise NotPermitted("permission.denied", permission=permission.value)
        if any(isinstance(each, int) and each > LARGEST for each in named.values()):
            raise Http404
        return view(request, *args, **named)

    guarded.rule = permission.value if permission else SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def to_sign_in(request: Request) -> HttpResponse:
    """The sign-in page; for a fragment the whole page goes there, or it would land inside a box.

    It leads back to the page that was asked for; what was sent is not kept, so then to the page it was sent from.
    """
    if request.method not in SAFE:
        told = t("登录已过期，刚才提交的内容没有保存。", "You were signed out; what you sent was not saved.")
        messages.warning(request, told)
    if not request.htmx:
        return redirect_to_login(request.get_full_path() if request.method in SAFE else sent_from(request))
    address = request.htmx.current_url_abs_path or "/"
    return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(address)["Location"]})


def sent_from(request: Request) -> str:
    """The page of ours that a form was on; the first page where the browser does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    ours = page.netloc == request.get_host() and page.path.startswith("/")
    return urlunsplit(("", "", page.path, page.query, "")) if ours else "/"
