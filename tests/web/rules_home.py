"""The rules' own home folder for each test, and forms as a browser would send them back."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

from web.figures_home import figures_home

FIELDS = ("input", "select", "textarea")


def copy_of(made: Path, folder: Path) -> Path:
    shutil.copytree(made, folder)
    return folder


class _Form(HTMLParser):
    """What the form that posts to an address would send."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.sent, self.select, self.area = action, False, {}, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action", self.action) == self.action and given.get("method") == "post"
        if not self.inside:
            return
        if (
            tag == "input"
            and given.get("name")
            and (given.get("type") not in {"checkbox", "radio"} or "checked" in given)
        ):
            self.sent[given["name"]] = given.get("value", "on")
        if tag == "select":
            self.select = given["name"]
        if tag == "option" and self.select and ("selected" in given or self.select not in self.sent):
            self.sent[self.select] = given.get("value", "")
        if tag == "textarea":
            self.area = given["name"]
            self.sent[self.area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of the page's form with this action (forms without one post to their own page)."""
    reader = _Form(action)
    reader.feed(page)
    sent = {name: value for name, value in reader.sent.items() if name != "csrfmiddlewaretoken"}
    assert sent, action
    return sent


def sent_by(client, address: str, action: str = "") -> dict[str, str]:
    return form_of(client.get(address).content.decode(), action or address)


def plain_text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


__all__ = ["copy_of", "figures_home", "form_of", "plain_text", "sent_by"]
