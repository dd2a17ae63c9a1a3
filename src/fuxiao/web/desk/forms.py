"""Forms of the desk: what a verb needs to be told, a case's particulars, a request of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from fuxiao.base.wording import say_error
from fuxiao.core.case_life import Verb
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import InputError
from fuxiao.org.models import Team
from fuxiao.org.queries import open_teams
from fuxiao.service.actions.life import Act
from fuxiao.service.models import Case, Category, Customer, Device, FaultCode, ListKind, Product
from fuxiao.web import words
from fuxiao.web.desk import labels
from fuxiao.web.desk.people import person_named
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import later, t

BLANK = [("", "—")]
ASKED: Mapping[Verb, tuple[str, ...]] = {
    Verb.ASSIGN: ("person", "team"),
    Verb.ROUTE: ("team",),
    Verb.TRANSFER: ("team", "person", "reason"),
    Verb.ESCALATE: ("team", "person", "reason"),
    Verb.PEND: ("kind", "reason"),
    Verb.RESOLVE: ("resolution_code", "fault_code", "root_cause", "happened_at", "note"),
    Verb.REOPEN: ("reason",),
    Verb.CANCEL: ("reason",),
    Verb.MERGE: ("into", "reason"),
}
"""What each verb asks for; the others need nothing."""
KINDS = (
    (PauseKind.CUSTOMER.value, later("等客户（对客户承诺的时限也停表）", "Waiting for the customer (every clock stands still)")),
    (PauseKind.PARTS.value, later("等配件（个人计时停，单位照计）", "Waiting for parts (the person's clock stands still)")),
    (PauseKind.THIRD_PARTY.value, later("等第三方（个人计时停，单位照计）", "Waiting for a third party (the person's clock stands still)")),
)  # fmt: skip


class PersonField(forms.CharField):
    """A person by number or name; the list of those employed is proposed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.TextInput({"list": "people-known", "autocomplete": "off"}), **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return person_named(text)
        except InputError as refused:
            raise forms.ValidationError(say_error(refused, words.language())[0]) from refused


class Pick(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django takes none at run time
    """A choice among records; nothing chosen is a dash."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, empty_label="—", **more)


class CaseField(forms.CharField):
    """Another case by its number."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        found = Case.objects.filter(number=number.strip()).first()
        if found is None:
            raise forms.ValidationError(t("没有这张工单，请核对单号。", "There is no such case; check the number."))
        return found


class VerbForm(forms.Form):
    """What a verb needs to be told. ``act`` is what it comes to; ``version`` is the case as the page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    person = PersonField(
        label=later("派给谁", "To whom"), required=False, help_text=later("工号或姓名", "Number or name")
    )
    team = Pick(Team.objects.none(), label=later("班组", "Team"), required=False, to_field_name="key")
    kind = forms.ChoiceField(label=later("在等什么", "Waiting for"), choices=KINDS, widget=forms.RadioSelect)
    resolution_code = forms.ChoiceField(label=later("处理结果", "Result"))
    fault_code = Pick(
        FaultCode.objects.filter(active=True), label=later("故障代码", "Fault code"), required=False, to_field_name="code"
    )  # fmt: skip
    root_cause = forms.ChoiceField(label=later("根因", "Root cause"), required=False)
    into = CaseField(
        label=later("合并到哪张工单", "Merge into which case"), help_text=later("选一张相近的，或填单号", "Choose a likely one, or write a number"),
        widget=forms.TextInput({"list": "cases-alike", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(label=later("原因", "Reason"), max_length=400, widget=forms.Textarea({"rows": 2}))
    happened_at = forms.DateTimeField(
        label=later("实际时间（默认现在）", "When it really was (now, if empty)"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=later("登记时间会另外记下", "The time of recording is kept beside it"),
    )  # fmt: skip
    note = forms.CharField(label=later("说明", "Note"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, verb: Verb, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.verb = verb
        asked = ASKED.get(verb, ())
        for name in [name for name in self.fields if name not in (*asked, "version")]:
            del self.fields[name]
        self.order_fields([*asked])
        self._fill()

    def _fill(self) -> None:
        if "team" in self.fields:
            self.fields["team"].queryset = open_teams()  # type: ignore[attr-defined]
        if "person" in self.fields:
            self.fields["person"].required = self.verb is Verb.ASSIGN
        if "resolution_code" in self.fields:
            lists = labels.lists(ListKind.RESOLUTION_CODE, ListKind.ROOT_CAUSE)
            self.fields["resolution_code"].choices = BLANK + lists[ListKind.RESOLUTION_CODE]  # type: ignore[attr-defined]
            self.fields["root_cause"].choices = BLANK + lists[ListKind.ROOT_CAUSE]  # type: ignore[attr-defined]

    def propose(self, teams: Sequence[Team]) -> None:
        """The teams there are, read once for several forms; what is sent is still looked up."""
        if "team" in self.fields:
            self.fields["team"].choices = BLANK + [(team.key, str(team)) for team in teams]  # type: ignore[attr-defined]

    @property
    def act(self) -> Act:
        data = {
            name: value for name, value in self.cleaned_data.items() if name != "version" and value not in (None, "")
        }
        if "kind" in data:
            data["kind"] = PauseKind(data["kind"])
        if (at := data.get("happened_at")) is not None:
            data["happened_at"] = local(at)
        return Act(verb=self.verb, **data)


def local(at: datetime) -> datetime:
    """What somebody wrote as a time of day is one of the organisation's zone, whatever zone the server is in."""
    return at.replace(tzinfo=ZoneInfo(organisation().zone))


class CaseForm(forms.Form):
    """The particulars of a case. Customer and device are named by number and serial number."""

    title = forms.CharField(label=later("问题", "What it is about"), max_length=200)
    description = forms.CharField(
        label=later("详细说明", "Details"), required=False, widget=forms.Textarea({"rows": 3})
    )
    priority = forms.ChoiceField(label=later("优先级", "Priority"), required=False)
    case_type = forms.ChoiceField(label=later("工单类型", "Case type"), required=False)
    category = Pick(
        Category.objects.filter(active=True), label=later("类别", "Category"), required=False, to_field_name="key"
    )  # fmt: skip
    channel = forms.ChoiceField(label=later("渠道", "Channel"), required=False)
    region = forms.ChoiceField(label=later("区域", "Region"), required=False)
    device = forms.CharField(label=later("设备序列号", "Serial number"), max_length=80, required=False)
    is_test = forms.BooleanField(label=later("测试单（不计入指标）", "A test (counts in no figure)"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, kind in (("priority", ListKind.PRIORITY), ("case_type", ListKind.CASE_TYPE),
                           ("channel", ListKind.CHANNEL), ("region", ListKind.REGION)):  # fmt: skip
            kept = self.initial.get(name)
            found = labels.choices(kind)
            extra = [(kept, kept)] if kept and kept not in dict(found) else []
            self.fields[name].choices = BLANK + found + extra  # type: ignore[attr-defined]

    def clean_device(self) -> Device | None:
        serial = self.cleaned_data["device"].strip()
        if not serial:
            return None
        found = Device.objects.filter(serial=serial).select_related("customer", "product").first()
        if found is None:
            raise forms.ValidationError(
                t("没有这台设备；请核对序列号，或留空。", "There is no such device; check it or leave it empty.")
            )
        return found


class EditForm(CaseForm):
    """The particulars of a case that is there; another class needs a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=later("改类原因", "Reason for another class"), required=False, max_length=400,
        help_text=later("改工单类型或类别时要写", "Needed where type or category change"),
    )  # fmt: skip


class IntakeForm(CaseForm):
    """A case taken by staff, for a customer that is known or a new one."""

    customer = forms.CharField(label=later("客户", "Customer"), max_length=60, required=False, widget=forms.HiddenInput)
    new_name = forms.CharField(label=later("客户姓名", "Customer's name"), max_length=200, required=False)
    new_phone = forms.CharField(label=later("联系电话", "Telephone"), max_length=40, required=False)
    address = forms.CharField(label=later("地址", "Address"), max_length=400, required=False)
    person = PersonField(
        label=later("派给谁", "To whom"), required=False, help_text=later("留空则按规则分派", "Empty: the rules decide")
    )  # fmt: skip
    team = Pick(Team.objects.none(), label=later("班组", "Team"), required=False, to_field_name="key")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["team"].queryset = open_teams()  # type: ignore[attr-defined]

    def clean_customer(self) -> Customer | None:
        number = self.cleaned_data["customer"]
        return Customer.objects.filter(number=number).first() if number else None


class RequestForm(forms.Form):
    """What a customer asks for, without an account. ``website`` is a field that nobody sees: only machines fill it."""

    title = forms.CharField(
        label=later("遇到什么问题？", "What is the matter?"), max_length=200,
        widget=forms.TextInput({"placeholder": later("例如：空调不制冷", "For example: the air conditioner does not cool")}),
    )  # fmt: skip
    description = forms.CharField(
        label=later("补充说明", "More about it"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )  # fmt: skip
    product = Pick(
        Product.objects.filter(active=True), label=later("产品型号", "Product"), required=False, to_field_name="code"
    )  # fmt: skip
    name = forms.CharField(
        label=later("怎么称呼您", "Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.RegexField(
        r"^[0-9+\-() ]{6,30}$", label=later("联系电话", "Telephone"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"invalid": later("请写电话号码，例如 13800001234。", "Write a telephone number, such as 13800001234.")},
    )  # fmt: skip
    address = forms.CharField(
        label=later("上门地址", "Address for a visit"), required=False, max_length=400,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )  # fmt: skip
    photo = forms.FileField(label=later("照片（可不传）", "A photograph, if you like"), required=False)
    consent = forms.BooleanField(
        label=later("我同意为处理这次服务请求而使用以上信息", "I agree that this is used to deal with my request"),
        error_messages={"required": later("没有您的同意，我们不能处理这次请求。", "Without your consent we cannot deal with it.")},
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))


def initial_of(case: Case) -> dict[str, Any]:
    """A case as the form shows it."""
    return {
        "title": case.title, "description": case.description, "priority": case.priority, "case_type": case.case_type,
        "category": case.category.key if case.category else "", "channel": case.channel, "region": case.region,
        "device": case.device.serial if case.device else "", "is_test": case.is_test, "version": case.version,
    }  # fmt: skip
