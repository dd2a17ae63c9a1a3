"""Forms of surveys, complaints and checks."""

from __future__ import annotations

from typing import Any

from django import forms

from fuxiao.org.models import Team
from fuxiao.service.actions.surveys import Answer
from fuxiao.service.models import Survey, SurveyPolicy
from fuxiao.web.org.forms import PersonField
from fuxiao.web.voice.words import CHANNELS, MARKS, SEVERITIES, VALIDITIES
from fuxiao.web.words import later


class AnswerForm(forms.Form):
    """What a customer is asked, as far as the organisation asks it."""

    csat = forms.TypedChoiceField(
        label=later("这次服务您满意吗？", "How satisfied are you with this service?"), coerce=int, choices=MARKS,
        widget=forms.RadioSelect, error_messages={"required": later("请选一项。", "Please choose one.")},
    )  # fmt: skip
    solved = forms.TypedChoiceField(
        label=later("问题解决了吗？（选填）", "Is the problem solved? (optional)"), required=False, coerce=lambda given: given == "yes",
        empty_value=None, choices=(("yes", later("解决了", "Yes")), ("no", later("没有解决", "No"))), widget=forms.RadioSelect,
    )  # fmt: skip
    nps = forms.TypedChoiceField(
        label=later("您会把我们推荐给朋友吗？0 分不会，10 分一定会（选填）",
                    "Would you recommend us? 0 not at all, 10 certainly (optional)"),
        required=False, coerce=int, empty_value=None, choices=[(n, str(n)) for n in range(11)], widget=forms.RadioSelect,
    )  # fmt: skip
    ces = forms.TypedChoiceField(
        label=later("解决问题费力吗？1 分很轻松，7 分很费力（选填）", "How much effort was it for you? 1 little, 7 much (optional)"),
        required=False, coerce=int, empty_value=None, choices=[(n, str(n)) for n in range(1, 8)], widget=forms.RadioSelect,
    )  # fmt: skip
    comment = forms.CharField(
        label=later("还想告诉我们什么？（选填）", "Anything else? (optional)"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, rules: SurveyPolicy, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("nps", "ces", "solved"):
            if not getattr(rules, f"ask_{name}"):
                del self.fields[name]

    @property
    def answer(self) -> Answer:
        return Answer(**self.cleaned_data)


class RulesForm(forms.ModelForm[SurveyPolicy]):
    """How customers are asked."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = SurveyPolicy
        fields = (
            "active", "delay_minutes", "cap_days", "remind_days", "open_days", "low_mark", "ask_solved", "ask_nps",
            "ask_ces", "english",
        )  # fmt: skip
        labels = {  # noqa: RUF012 - Django's Meta
            "active": later("解决工单后邀请客户评价", "Ask customers after a case is resolved"),
            "delay_minutes": later("解决后多少分钟发出", "Minutes after the resolve"),
            "cap_days": later("同一客户多少天内只邀请一次", "Days within which a customer is asked once"),
            "remind_days": later("几天未答提醒一次（0 不提醒，仅邮件）", "Remind after so many days (0: never; mail only)"),
            "open_days": later("链接有效天数", "Days that the link is good for"),
            "low_mark": later("低分提醒：不高于", "Tell owner and lead of marks up to"),
            "ask_solved": later("问是否解决", "Ask whether it is solved"), "ask_nps": later("问推荐意愿", "Ask for recommendation"),
            "ask_ces": later("问费力程度", "Ask for effort"), "english": later("先显示英文", "English first"),
        }  # fmt: skip


class ComplaintText(forms.Form):
    """A complaint as the customer writes it."""

    text = forms.CharField(
        label=later("发生了什么？希望怎样处理？", "What happened, and what do you want done?"), max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class ComplaintForm(ComplaintText):
    """A complaint as staff take it."""

    case = forms.CharField(label=later("工单号（如有）", "Case number, if any"), required=False, max_length=60)
    customer = forms.CharField(label=later("客户号（如有）", "Customer number, if any"), required=False, max_length=60)
    channel = forms.ChoiceField(label=later("渠道", "Channel"), choices=CHANNELS)
    severity = forms.ChoiceField(label=later("严重程度", "Severity"), choices=SEVERITIES, initial="medium")
    repeat_of = forms.CharField(label=later("重复于投诉号", "Repeats complaint"), required=False, max_length=60)


class DecisionForm(forms.Form):
    """Who is responsible."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    validity = forms.ChoiceField(label=later("投诉是否成立", "Is it valid?"), choices=(("", "—"), *VALIDITIES))
    person = PersonField(
        label=later("责任人", "Person responsible"), required=False, max_length=200,
        help_text=later("工号或姓名；与班组都不填，责任在流程", "Number or name; with no team either, it lies in the process"),
        widget=forms.TextInput(attrs={"list": "people-known", "autocomplete": "off"}),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=later("责任班组", "Team responsible"), required=False, queryset=Team.objects.order_by("sort", "key"),
        to_field_name="key", empty_label="—",
    )  # fmt: skip
    reason = forms.CharField(
        label=later("理由", "Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": later("判责要写理由。", "A decision needs its reason.")},
    )  # fmt: skip


def language_of(survey: Survey, chosen: str) -> str:
    """The language of the page of a survey: the one chosen on it, else that in which the customer is asked."""
    return chosen if chosen in ("zh", "en") else survey.language
