"""Set-up of an installation, accounts and what they may do."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.org import actions
from fuxiao.org.models import User
from fuxiao.studio.packs import make_home
from fuxiao.web import words
from fuxiao.web.access import Request, allowed, public, signed_in
from fuxiao.web.accounts.forms import SetupForm
from fuxiao.web.shell.home import is_set_up


@public
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The first start: the organisation and its owner. Gone for good once there is an account."""
    if User.objects.exists():
        return redirect("home")
    form = SetupForm(request.POST or None, initial={"company": ""})
    if is_set_up():
        for name in ("company", "pack", "zone", "currency"):
            del form.fields[name]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = actions.create_owner(
                username=given["username"], password=given["password"], email=given["email"], at=now()
            )
        except ValidationError as refused:
            form.add_error("password", refused)
        else:
            if not is_set_up():
                make_home(
                    settings.HOME, pack=given["pack"], name=given["company"], zone=given["zone"],
                    currency=given["currency"], language=words.language(),
                )  # fmt: skip
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("home")
    return render(request, "account/setup.html", {"form": form})


@allowed(Permission.ACCOUNTS_WRITE)
@require_GET
def accounts(request: Request) -> HttpResponse:
    found = User.objects.select_related("person").prefetch_related("grants").order_by("username")
    return render(request, "account/accounts.html", {"accounts": found})


@signed_in
@require_POST
def view_as_end(request: Request) -> HttpResponse:
    """Stop looking through somebody else's eyes."""
    request.session.pop("view_as", None)
    return redirect("home")
