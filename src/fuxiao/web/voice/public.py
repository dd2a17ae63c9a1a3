"""Pages for customers without an account: the survey and a complaint. Opening them records nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.core.errors import InputError
from fuxiao.service.actions import surveys
from fuxiao.service.actions.complaints import Given, take_complaint
from fuxiao.service.models import Case, Survey
from fuxiao.web.access import public
from fuxiao.web.desk.limits import came_of, forget, once_token, sent_before, too_often
from fuxiao.web.voice.forms import AnswerForm, ComplaintText, language_of
from fuxiao.web.words import t

HOUR = 3_600
CODES = {"zh": "zh-hans", "en": "en"}


def _survey(token: str) -> Survey:
    found = surveys.survey_of(token)
    if found is None:
        raise Http404
    return found


@public
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """One page: the questions, or what became of them. Only the button on it answers."""
    found = _survey(token)
    chosen = request.POST.get("lang") or request.GET.get("lang", "")
    with translation.override(CODES[language_of(found, chosen)]):
        return _shown(request, token, found)


def _shown(request: HttpRequest, token: str, found: Survey) -> HttpResponse:
    form, state, status = AnswerForm(surveys.policy(), request.POST or None), "", 200
    if request.method == "POST" and found.answered_at is None and form.is_valid():
        try:
            surveys.answer(found, form.answer, ip=request.META.get("REMOTE_ADDR", ""), at=now())
        except InputError:
            state = "over"
        else:
            found.refresh_from_db()
    if found.answered_at is not None:
        state = "answered"
    elif not state and (found.withdrawn_at is not None or now() >= found.ends_at):
        state = "over"
    elif form.errors:
        status = 422
    response = render(request, "voice/answer.html", {
        "survey": found, "form": form, "state": state, "token": token,
        "low": found.csat is not None and found.csat <= surveys.policy().low_mark,
        "complained": found.complaints.exists(),
        "lang": "en" if (translation.get_language() or "").startswith("en") else "zh",
    }, status=status)  # fmt: skip
    return _private(response)


@public
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, token: str) -> HttpResponse:
    """A complaint by the link of the survey."""
    found = _survey(token)
    given: dict[str, object] = {"case": found.case, "customer": found.customer, "survey": found}
    return _complaint(request, given, back=("survey_answer", token))


@public
@require_http_methods(["GET", "POST"])
def complain_case(request: HttpRequest, token: str) -> HttpResponse:
    """A complaint from the page of the customer's case."""
    case = get_object_or_404(Case.objects.select_related("customer", "team__lead"), token=token)
    return _complaint(request, {"case": case}, back=("request_status", token))


def _complaint(request: HttpRequest, given: dict[str, object], *, back: tuple[str, str]) -> HttpResponse:
    form, status = ComplaintText(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        if (before := sent_before(request)) is not None:
            return redirect(f"{request.path}?sent={before}")
        if too_often(request, "complaint", most=10, seconds=HOUR):
            forget(request)
            form.add_error(
                None, t("提交太频繁，请一小时后再试，或直接来电。", "Too many; try again in an hour, or call us.")
            )
            status = 429
        else:
            asked = Given(text=form.cleaned_data["text"], **given)  # type: ignore[arg-type]
            made = take_complaint(surveys.CUSTOMER, asked, at=now())
            came_of(request, made.number)
            request.session["complaint"] = made.number
            return redirect(f"{request.path}?sent={made.number}")
    elif form.errors:
        status = 422
    sent = request.GET.get("sent", "")
    context = {"form": form, "sent": sent if sent == request.session.get("complaint") else "", "back": back,
               "once": request.POST.get("once") or once_token()}  # fmt: skip
    return _private(render(request, "voice/complain.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response
