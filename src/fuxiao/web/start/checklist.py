"""The way from an empty installation to figures: six steps, each ticked by what is there, not by a click."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.datasets.store import Store
from fuxiao.org.models import User
from fuxiao.performance.cycles.queries import cycles_exist
from fuxiao.web.access import Request
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, what it is, why, and where to do it."""

    done: bool
    title: str
    why: str
    href: str
    action: str


def hidden_by(viewer: Viewer) -> str:
    """The name of the cookie by which this account has put the list away."""
    return f"checklist-{viewer.account}"


def is_wanted(request: Request) -> bool:
    """The list is for whoever sets the organisation up, until it is put away."""
    return request.viewer.may(Permission.DATA_WRITE) and not request.COOKIES.get(hidden_by(request.viewer))


def checklist(request: Request, store: Store) -> list[Step]:
    """The steps that the reader is permitted to do. Two queries."""
    records, viewer = store.manifest.records, request.viewer
    made = [
        (None, Step(
            done=True, title=t("建立所有者账号", "Create the owner"), why=t("已完成设置。", "The installation is set up."),
            href="", action="",
        )),
        (Permission.DATA_WRITE, Step(
            "people" in records, t("导入人员", "Import people"),
            t("有了人员和班组，指标才能落到个人。", "With people and teams, figures find their owners."),
            reverse("people_import" if viewer.may(Permission.ORG_WRITE) else "import_begin"), t("导入", "Import"),
        )),
        (Permission.DATA_WRITE, Step(
            "cases" in records, t("导入工单", "Import cases"),
            t("原样导出的表格就行，每一列会自动识别。", "A file as your system exports it; its columns are recognised."),
            reverse("import_begin"), t("导入", "Import"),
        )),
        (Permission.VALUES_READ, Step(
            "seen-values" in request.COOKIES, t("看看指标", "Look at the figures"),
            t("响应、解决、返修，每个数字都能点到工单。", "Response, resolution, repeats: every figure opens to its cases."),
            reverse("values"), t("打开", "Open"),
        )),
        (Permission.CYCLES_WRITE, Step(
            cycles_exist(), t("开始考核", "Open a review cycle"),
            t("选期间和方案，每个人立刻看到实时得分。", "Choose a period and a scheme; everybody sees a live score at once."),
            reverse("cycle_new"), t("开始", "Open"),
        )),
        (Permission.ACCOUNTS_WRITE, Step(
            User.objects.count() > 1, t("邀请同事", "Invite colleagues"),
            t("每个人只看到自己的和自己班组的。", "Everybody sees the own figures and those of the own team."),
            reverse("accounts"), t("邀请", "Invite"),
        )),
    ]  # fmt: skip
    return [step for needed, step in made if needed is None or viewer.may(needed)]
