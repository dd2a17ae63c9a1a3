"""What the navigation promises: one key a page, and a drawn icon wherever one is named."""

import re
from collections import Counter
from pathlib import Path

import fuxiao.web
from fuxiao.web.shell.navigation import SECTIONS

WEB = Path(fuxiao.web.__file__).parent
NAMED = re.compile(r"""\{% icon ["']([a-z0-9-]+)["']""")


def test_a_key_after_g_leads_to_one_page() -> None:
    keys = Counter(page.key for section in SECTIONS for page in section.pages if page.key)
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_icon_that_a_page_names_is_drawn() -> None:
    drawn = set((WEB / "front" / "icons.txt").read_text(encoding="utf-8").split())
    named = {page.icon for section in SECTIONS for page in section.pages}
    for template in (WEB / "templates").rglob("*.html"):
        named |= set(NAMED.findall(template.read_text(encoding="utf-8")))
    assert len(named) > 50
    assert named - drawn == set()
