"""Forms of people: each shows only the fields that its reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from fuxiao.base.permissions import Viewer
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.person_actions import FIELDS, Post
from fuxiao.org.queries import open_teams
from fuxiao.web.org.amounts import MoneyField
from fuxiao.web.org.labels import LABELS, major, may_see
from fuxiao.web.org.positions import position_code, position_word
from fuxiao.web.words import later, t

MONEY = ("wage", "bonus_base")
SEEN_AS = {"post_base": "bonus_base"}
"""Fields of a form that are shown to whoever may see another one."""


class DayField(forms.DateField):
    """A day, in the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages: ClassVar = {"invalid": later("请写成 2026-01-31。", "Write it like 2026-01-31.")}


class PersonField(forms.CharField):
    """Somebody by employee number, or by a name that only one has; cleaned to the person."""

    def clean(self, value: object) -> Person | None:
        word = str(super().clean(value))
        if not word:
            return None
        found = list(Person.objects.filter(number=word)) or list(Person.objects.filter(name=word)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(
                t("有几位{name}，请写工号。", "Several are called {name}; write the number.", name=word)
            )
        raise forms.ValidationError(
            t("没有这个人：{name}。请写工号或姓名。", "Nobody is called {name}; write a number or a name.", name=word)
        )


class RightsForm(forms.Form):
    """A form without the fields that its reader may not see."""

    def __init__(self, viewer: Viewer, *args: Any, own: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        for field in list(self.fields):
            if not may_see(viewer, SEEN_AS.get(field, field), own=own):
                del self.fields[field]


class ParticularsForm(RightsForm):
    """What is known of a person beside their posts."""

    name = forms.CharField(label=LABELS["name"], max_length=200)
    hired_on = DayField(label=LABELS["hired_on"], required=False)
    manager = PersonField(
        label=LABELS["manager"], required=False, max_length=200, help_text=later("工号或姓名", "Number or name"),
        widget=forms.TextInput(attrs={"list": "people-known", "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(label=LABELS["phone"], required=False, max_length=40)
    email = forms.EmailField(label=LABELS["email"], required=False)
    wage = MoneyField(label=LABELS["wage"])
    bonus_base = MoneyField(label=LABELS["bonus_base"])

    @property
    def given(self) -> Mapping[str, Any]:
        """The fields as the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name in FIELDS}


class EditForm(ParticularsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PostForm(RightsForm):
    """A place in a team from a day on."""

    team = forms.ModelChoiceField(Team.objects.none(), label=LABELS["team"], to_field_name="key", empty_label="—")
    position = forms.CharField(
        label=LABELS["position"], max_length=60,
        widget=forms.TextInput(attrs={"list": "positions-known", "autocomplete": "off"}),
    )  # fmt: skip
    since = DayField(label=LABELS["since"])
    post_base = MoneyField(
        label=later("本岗位奖金基数", "Bonus base of this post"),
        help_text=later("留空则用个人的奖金基数", "Empty: the person's own"),
    )

    def __init__(self, viewer: Viewer, *args: Any, **named: Any) -> None:
        super().__init__(viewer, *args, **named)
        self.fields["team"].queryset = open_teams()  # type: ignore[attr-defined]

    def clean_position(self) -> str:
        return position_code(self.cleaned_data["position"])

    @property
    def post(self) -> Post:
        given = self.cleaned_data
        return Post(given["team"], given["position"], given["since"], given.get("post_base"))


class NewPersonForm(PostForm, ParticularsForm):
    """Somebody new, with the first post."""

    number = forms.CharField(label=LABELS["number"], max_length=60)
    field_order = ("number", "name", "hired_on", "team", "position", "since", "manager")

    def __init__(self, viewer: Viewer, *args: Any, **named: Any) -> None:
        super().__init__(viewer, *args, **named)
        self.fields.pop("post_base", None)
        self.fields["since"].required = False
        self.fields["since"].help_text = t("留空则为入职日", "Empty: the day of hiring")

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if "/" in number:
            raise forms.ValidationError(t("工号不能含“/”。", "A number cannot contain “/”."))
        if Person.objects.filter(number=number).exists():
            raise forms.ValidationError(t("工号已有人使用。", "This number is taken."))
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["since"] = given.get("since") or given.get("hired_on")
        if not given["since"]:
            self.add_error(
                "since", t("入职日和任职开始日至少写一个。", "Give the day of hiring or the start of the post.")
            )
        return given


class LeaveForm(forms.Form):
    left_on = DayField(
        label=LABELS["left_on"], help_text=later("从这一天起不再在职", "From this day on no longer employed")
    )


def initial_of(person: Person) -> dict[str, object]:
    """The fields of a form as the person has them."""
    values: dict[str, object] = {name: getattr(person, name) for name in ("name", "hired_on", "phone", "email")}
    values |= {name: major(getattr(person, name)) for name in MONEY}
    return values | {"manager": person.manager.number if person.manager else "", "version": person.version}


def initial_post(last: Membership | None) -> dict[str, object]:
    """The form of a transfer begins with the post held."""
    if last is None:
        return {}
    return {"team": last.team.key, "position": position_word(last.position), "post_base": major(last.bonus_base)}


class TeamForm(forms.Form):
    """What is known of a team."""

    name = forms.CharField(label=later("名称", "Name"), max_length=200)
    parent = forms.ModelChoiceField(
        Team.objects.none(), label=LABELS["parent"], required=False, to_field_name="key",
        empty_label=later("（最上级）", "(at the top)"),
    )  # fmt: skip
    lead = PersonField(
        label=LABELS["lead"], required=False, max_length=200, help_text=later("工号或姓名", "Number or name")
    )
    kind = forms.CharField(label=LABELS["kind"], required=False, max_length=60)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["parent"].queryset = open_teams()  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "parent", "lead", "kind")}


class NewTeamForm(TeamForm):
    key = forms.CharField(
        label=later("代码", "Key"), max_length=120,
        help_text=later("数据文件里的名称，以后不变", "Its name in files; it never changes"),
    )  # fmt: skip
    field_order = ("key", "name")

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if "/" in key:
            raise forms.ValidationError(t("代码不能含“/”。", "A key cannot contain “/”."))
        return key


class CloseForm(forms.Form):
    closed_on = DayField(
        label=LABELS["closed_on"], required=False, help_text=later("留空则重新启用", "Empty: open again")
    )
