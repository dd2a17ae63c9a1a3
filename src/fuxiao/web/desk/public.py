"""Pages for customers, without an account: a request, by the code on a device too, and how a case stands."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.service.actions.files import Sent, keep
from fuxiao.service.actions.intake import CUSTOMER, Intake, NewCustomer, take_in
from fuxiao.service.actions.public import customer_wrote
from fuxiao.service.models import Case, Device
from fuxiao.service.terms import terms
from fuxiao.web import words
from fuxiao.web.access import Request, allowed, public
from fuxiao.web.desk.forms import RequestForm
from fuxiao.web.desk.labels import WEB
from fuxiao.web.desk.limits import HOUR, came_of, forget, once_token, sent_before, too_often
from fuxiao.web.desk.qr import qr_path
from fuxiao.web.shell.home import is_set_up
from fuxiao.web.words import t

STEPS = (
    ("opened_at", "已受理", "Received"), ("assigned_at", "已安排人员", "Somebody has it"),
    ("accepted_at", "处理中", "At work"), ("resolved_at", "已解决", "Solved"), ("closed_at", "已结案", "Closed"),
)  # fmt: skip


@public
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, token: str = "") -> HttpResponse:
    """A request for service. With the code of a device the device is known, and nothing of its owner is shown."""
    if not is_set_up():
        raise Http404
    device = get_object_or_404(Device.objects.select_related("product", "customer"), token=token) if token else None
    form = RequestForm(request.POST or None, request.FILES or None)
    if device is not None:
        del form.fields["product"]
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("request_thanks")
        if too_often(request, "request", most=10, seconds=HOUR):
            form.add_error(
                None,
                t("提交太频繁，请一小时后再试，或直接来电。", "Too many requests; try again in an hour, or call us."),
            )
            return _page(request, form, device, status=429)
        if (token_before := sent_before(request)) is not None:
            return redirect("request_status", token_before) if token_before else redirect("request_thanks")
        try:
            case = _taken(form, device)
        except InputError as refused:
            forget(request)
            for line in say_error(refused, words.language()):
                form.add_error(None, line)
        else:
            came_of(request, case.token)
            return redirect("request_status", case.token)
    return _page(request, form, device, status=422 if form.errors else 200)


@transaction.atomic
def _taken(form: RequestForm, device: Device | None) -> Case:
    data = form.cleaned_data
    at = now()
    asker = NewCustomer(name=data["name"], phone=data["phone"], address=data["address"])
    case = take_in(CUSTOMER, Intake(
        title=data["title"], description=data["description"], device=device, product=data.get("product"),
        new_customer=None if device and device.customer else asker, contact_name=data["name"],
        contact_phone=data["phone"], address=data["address"], channel=WEB, priority=terms().usual_priority(at=at),
    ), at=at, source="public")  # fmt: skip
    if data["photo"] is not None:
        keep(CUSTOMER, case, Sent(data["photo"].name or "", data["photo"].chunks()), at=at, public=True)
    return case


def _page(request: HttpRequest, form: RequestForm, device: Device | None, *, status: int) -> HttpResponse:
    if request.FILES and "photo" not in form.errors:  # a browser sends a file but once
        form.add_error("photo", t("照片没有留下，请再选一次。", "The photograph was not kept; choose it again."))
    context = {"form": form, "device": device, "once": request.POST.get("once") or once_token()}
    return render(request, "desk/request.html", context, status=status)


@public
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """What a machine sees that filled in the field which nobody sees."""
    return render(request, "desk/thanks.html")


@public
@require_GET
def status(request: HttpRequest, token: str) -> HttpResponse:
    """How a case stands, for whoever has its link."""
    case = get_object_or_404(Case.objects.select_related("product", "device"), token=token)
    steps = [(t(zh, en), getattr(case, name)) for name, zh, en in STEPS]
    response = render(request, "desk/status.html", {
        "case": case, "steps": steps, "comments": list(case.comments.filter(public=True)),
        "address": request.build_absolute_uri(),
    })  # fmt: skip
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@require_POST
def write(request: HttpRequest, token: str) -> HttpResponse:
    """The customer adds something; it neither reopens a case nor stops a clock."""
    case = get_object_or_404(Case, token=token)
    if too_often(request, "message", most=20, seconds=HOUR):
        messages.error(request, t("留言太频繁，请稍后再试。", "Too many messages; try again later."))
    else:
        try:
            customer_wrote(case, request.POST.get("text", ""), at=now())
            messages.success(request, t("已收到您的留言。", "Your message has arrived."))
        except InputError as refused:
            messages.error(request, say_error(refused, words.language())[0])
    return redirect("request_status", token)


@allowed(Permission.CASE_READ)
@require_GET
def label(request: Request, serial: str) -> HttpResponse:
    """A label with the code of a device, to be printed and stuck on it."""
    device = get_object_or_404(Device.objects.select_related("product"), serial=serial)
    address = request.build_absolute_uri(reverse("request_device", args=[device.token]))
    path, side = qr_path(address)
    return render(request, "desk/label.html", {"device": device, "address": address, "path": path, "side": side})
