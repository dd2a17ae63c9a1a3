"""Connections to other databases: made, tested, changed, forgotten. A kept password is never shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.datasets import database_actions as actions
from fuxiao.datasets import queries
from fuxiao.datasets.connecting.address import PORTS, Address
from fuxiao.datasets.models import Database
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.words import later, t

TLS = (
    ("prefer", later("有就用", "where the server offers it")),
    ("require", later("必须加密", "always encrypted")),
    ("verify", later("必须加密并核对证书", "always encrypted, certificate checked")),
)


class DatabaseForm(forms.Form):
    """Where a database is and who gets in."""

    name = forms.CharField(
        label=later("名称", "Name"), max_length=80, help_text=later("例如：CRM 生产库", "For example: CRM production")
    )
    kind = forms.ChoiceField(label=later("种类", "Kind"), choices=Database.KINDS)
    host = forms.CharField(label=later("地址", "Address"), max_length=255, required=False, help_text=later(
        "主机名或 IP；SQLite 不填", "Host name or IP; none for SQLite"))  # fmt: skip
    port = forms.IntegerField(label=later("端口", "Port"), min_value=1, max_value=65_535, required=False, help_text=later(
        "不填用默认端口", "Empty: the usual one"))  # fmt: skip
    database = forms.CharField(label=later("库名", "Database"), max_length=500, help_text=later(
        "SQLite 写文件在服务器上的完整路径", "For SQLite the whole path of the file on the server"))  # fmt: skip
    user = forms.CharField(label=later("用户名", "User name"), max_length=120, required=False, help_text=later(
        "建议用只读账号", "Best an account that can only read"))  # fmt: skip
    password = forms.CharField(label=later("密码", "Password"), max_length=500, required=False, strip=False, help_text=later(
        "加密保存，之后不再显示", "Kept encrypted and never shown again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))  # fmt: skip
    tls = forms.ChoiceField(label=later("加密", "Encryption"), choices=TLS)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") != "sqlite" and not given.get("host", "").strip():
            self.add_error("host", t("请填写地址。", "Give the address."))
        return given

    @property
    def address(self) -> Address:
        given = self.cleaned_data
        if given["kind"] == "sqlite":
            return Address("sqlite", database=given["database"])
        return Address(
            given["kind"], given["host"].strip(), given["port"] or PORTS[given["kind"]], given["database"], given["user"],
            given["password"], given["tls"],
        )  # fmt: skip


def _tested(request: Request, form: DatabaseForm, database: Database | None) -> dict[str, object]:
    """What a test of the connection found, in words."""
    if not form.is_valid():
        return {"refused": [t("请先改正标出的栏。", "Correct the marked fields first.")]}
    try:
        tables = actions.try_out(request.viewer, form.address, kept=database)
    except InputError as refused:
        return {"refused": say_error(refused, words.language())}
    return {"found": len(tables), "shown": t("、", ", ").join(table.name for table in tables[:8])}


def _page(request: Request, form: DatabaseForm, database: Database | None) -> HttpResponse:
    """The form with what a test said, and after a refused save what was refused."""
    context: dict[str, object] = {"form": form, "database": database}
    if request.method == "POST" and "test" in request.POST:
        context["tested"] = _tested(request, form, database)
        if request.htmx:
            return render(request, "datasets/database.html#tested", context)
    status = 400 if request.method == "POST" and form.errors else 200
    return render(request, "datasets/database.html", context, status=status)


@allowed(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Connect a database: kept only once it answers."""
    form = DatabaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "test" not in request.POST and form.is_valid():
        try:
            made = actions.add_database(request.viewer, form.cleaned_data["name"], form.address, at=now())
        except InputError as refused:
            form.add_error(None, say_error(refused, words.language()))
        else:
            messages.success(request, t("{name} 已连接。", "{name} is connected.", name=made.name))
            return redirect("pull_new", made.pk)
    return _page(request, form, None)


@allowed(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "POST"])
def database(request: Request, number: int) -> HttpResponse:
    """Change a connection; an empty password keeps the one there is."""
    found = queries.database(request.viewer, number)
    before = {name: getattr(found, name) for name in (*actions.FIELDS, "name", "version")} | {
        "port": found.port or None
    }
    form = DatabaseForm(request.POST if request.method == "POST" else None, initial=before)
    form.fields["password"].help_text = t("不填则保留原密码", "Empty: the one there is stays")
    if request.method == "POST" and "test" not in request.POST and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_database(
                request.viewer, found, given["name"], form.address, version=given["version"] or 0, at=now()
            )
        except InputError as refused:
            form.add_error(None, say_error(refused, words.language()))
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("sources")
    return _page(request, form, found)


@allowed(Permission.SETTINGS_WRITE)
@require_POST
def delete(request: Request, number: int) -> HttpResponse:
    """Forget a connection that nothing is read from."""
    found = queries.database(request.viewer, number)
    actions.delete_database(request.viewer, found, at=now())
    messages.success(request, t("已删除 {name} 的连接。", "The connection {name} was deleted.", name=found.name))
    return redirect("sources")
