"""Every page, for every role: it opens, the browser has nothing to complain of, and everybody can use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CHECK = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | "));
}"""
ROLES = ("owner", "lead", "engineer")
MOST = 40
"""Pages looked at for one role: each kind of address once."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PAIR = re.compile(r"""["']([^"'{}]+)["'],? ["']""")
SOURCE = Path(__file__).parents[2] / "src" / "fuxiao"
LANGUAGE = "中文"
"""What the switch to the other language says, in that language."""
LABELS = """() => [...document.querySelectorAll("h1, th[scope=col], label, button, dt, .note")].flatMap(each => {
  const copy = each.cloneNode(true);
  copy.querySelectorAll(".hidden-text").forEach(hidden => hidden.remove());
  return copy.textContent.split("\\n");
})"""
SMALL = """() => [...document.querySelectorAll(
  "main :is(.button, summary, select, .subnav a, .tabs a, .ticks label), .top :is(a, button)"
)].filter(each => {
  const {width, height} = each.getBoundingClientRect();
  return width && height && height < 43.5;
}).map(each => `${each.className || each.tagName} “${each.textContent.trim().slice(0, 20)}”`)"""
"""What a finger has to hit and is lower than 44 pixels; links inside a sentence are as high as their line."""
LEAVE_OUT = re.compile(r"/(account/logout|view-as|live)|\.(csv|xlsx)|[?&](format|export|as)=")


def kind_of(path: str) -> str:
    """The address without what names one record: two people's pages are of one kind."""
    path = re.sub(r"=[^&]*", "=", path)
    return re.sub(r"/(?=[^/]*[\dA-Z\u4e00-\u9fff%])[^/?]+", "/*", path)


def pages_of(visitor) -> Iterator[str]:
    """Opens one page of each kind that this visitor reaches by links, and stays there for it to be looked at."""
    found, waiting = {"/"}, ["/"]
    while waiting:
        path = waiting.pop(0)
        visitor.open(path)
        for link in visitor.page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))"):
            other = link.split("#")[0]
            if other and not LEAVE_OUT.search(other) and kind_of(other) not in found and len(found) < MOST:
                found.add(kind_of(other))
                waiting.append(other)
        yield path


def look(visitor, theme: str, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.context.add_cookies([{"name": "theme", "value": theme, "url": visitor.address}])


def violations(page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(CHECK)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_and_everybody_can_use_it(company, visit, role):
    visitor = visit(company)
    visitor.sign_in(role)
    faults: list[str] = []
    for path in pages_of(visitor):
        faults += [f"{path} light: {each}" for each in violations(visitor.page)]
        look(visitor, "dark", 390)
        visitor.open(path)
        faults += [f"{path} dark: {each}" for each in violations(visitor.page)]
        faults += [f"{path}: lower than a finger: {each}" for each in visitor.page.evaluate(SMALL)]
        visitor.page.set_viewport_size({"width": 320, "height": 700})
        if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            faults.append(f"{path}: scrolls sideways at 320 px")
        look(visitor, "light", 1440)
    assert not faults, "\n" + "\n".join(faults)
    assert not visitor.complaints


def chinese_words() -> set[str]:
    """Every Chinese text that pages say of themselves; names of people, teams and files are not among them."""
    texts = (
        path.read_text(encoding="utf-8") for path in (SOURCE / "web").rglob("*") if path.suffix in {".html", ".py"}
    )
    return {found for text in texts for found in PAIR.findall(text) if CHINESE.search(found)}


def test_english_pages_speak_english(company, visit):
    visitor = visit(company, lang="en")
    visitor.sign_in("owner")
    ours, faults = chinese_words() - {LANGUAGE}, []
    assert "人员" in ours
    for path in pages_of(visitor):
        faults += [f"{path}: {line}" for line in visitor.page.evaluate(LABELS) if line.strip() in ours]
    assert not faults, "\n" + "\n".join(faults)
