"""The pages of the documentation: which there are, what they link to, what their sections are called."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) +(.+?) *$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TOP = ("README*.md", "ARCHITECTURE*.md", "CONTRIBUTING*.md", "GLOSSARY*.md", "CHANGELOG*.md")
CHINESE = ".zh-CN.md"


def pages() -> list[Path]:
    """Every page of the documentation, those beside the code first."""
    return [*sorted(page for pattern in TOP for page in ROOT.glob(pattern)), *sorted((ROOT / "docs").rglob("*.md"))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[tuple[int, str]]:
    """Level and text of each heading, in order."""
    return [(len(marks), text) for marks, text in HEADING.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """The anchors that a page offers, as GitHub makes them from headings, and those it sets by hand."""
    made: list[str] = []
    for _, text in headings(page):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).lower()).replace(" ", "-")
        again = made.count(plain)
        made += [plain, f"{plain}-{again}"] if again else [plain]
    return {*made, *re.findall(r'<a (?:id|name)="([^"]+)"', prose(page))}


def links(page: Path) -> list[str]:
    """The links of a page that stay inside the project."""
    return [link for link in LINK.findall(prose(page)) if "://" not in link and not link.startswith("mailto:")]
