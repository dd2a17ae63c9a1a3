"""The pages: they add up, they escape, they need nothing from outside, they are whole in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from fuxiao.report.build.reporter import Reporter, page_file
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.publish import pages
from report_sample import HOSTILE, sample

LANGS = ("zh", "en")
VOID = {"meta", "link", "br", "img", "input", "hr"}
LOOSE = {"circle", "line", "path", "rect", "use"}  # closed by a slash in SVG


@pytest.fixture(scope="module", params=LANGS)
def html(request) -> dict[str, str]:
    return dict(pages(sample(), lang=request.param))


class Outline(HTMLParser):
    """Checks that every element is closed in order, and gathers what the page refers to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self._look(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self._look(tag, attrs)

    def _look(self, tag, attrs):
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "data")]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def outline(text: str) -> Outline:
    parsed = Outline()
    parsed.feed(text)
    return parsed


def test_the_bound_of_a_grade_is_told_in_the_legend_and_not_over_the_line(html):
    drawn = [text for text in html.values() if 'class="limit"' in text]
    assert drawn
    assert all(re.search(r"[SABCD] \d+( 起| and up)</span>", text) for text in drawn)
    assert not any('class="mark"' in text for text in drawn)


def test_every_element_is_closed_in_order_and_every_id_stands_once(html):
    for name, text in html.items():
        page = outline(text)
        assert (name, page.faults, page.open) == (name, [], [])
        assert len(page.ids) == len(set(page.ids))


def test_pages_run_nothing_and_ask_for_nothing_from_outside(html):
    for text in html.values():
        page = outline(text)
        assert "<script" not in text
        assert not {name for name in page.attributes if name.startswith("on") or name == "style"}
        assert not [link for link in page.links if re.match(r"(?!data:,)[a-z]+:|//", link or "")]
        assert "@import" not in text
        assert not re.search(r"url\((?!#)", text)
        assert re.search(r"default-src 'none'; style-src 'sha256-[0-9A-Za-z+/=]{44}'", text)


def test_every_link_leads_to_a_page_of_the_report_or_a_place_on_the_page(html):
    for text in html.values():
        page = outline(text)
        for link in page.links:
            assert link in html or link == "data:," or link.removeprefix("#") in page.ids


def test_names_and_texts_from_a_log_are_escaped_everywhere(html):
    for text in html.values():
        assert "<img" not in text
    shown = "".join(outline(html["scorecard-E03.html"]).text)
    assert HOSTILE in shown


def test_no_place_for_a_fact_and_no_key_is_left_over(html):
    for text in html.values():
        words = "".join(outline(text).text)
        assert not re.findall(r"\{[a-z_]+\}", words)
        assert not re.findall(r"\b(?:trace|sum|flag|note|missing|reason|clock|class|xmr)\.[a-z_.]+", words)
        assert "None" not in words


def test_english_pages_hold_no_chinese_words_of_our_own():
    source = sample()
    for lang, name in (("en", "index.html"), ("en", "overview.html")):
        words = "".join(outline(dict(pages(source, lang=lang))[name]).text)
        for own in ("评分卡", "部门总览", "等级", "奖金", "得分", "瓶颈"):
            assert own not in words


def test_each_page_names_its_language_for_the_right_glyphs():
    source = sample()
    assert '<html lang="zh-CN">' in next(text for _, text in pages(source, lang="zh"))
    assert '<html lang="en">' in next(text for _, text in pages(source, lang="en"))


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace(",", "").replace("¥", "").replace("+", ""))


@pytest.mark.parametrize("lang", LANGS)
def test_the_weighted_column_adds_up_to_the_total_shown_on_every_card(lang):
    reporter = Reporter.of(sample(), lang)
    for card in reporter.source.scores.cards:
        page = make_scorecard(reporter, card)
        shown = [number(row.weighted) for row in page.rows if row.weighted != "—"]
        assert page.items_total == "—" if not shown else sum(shown) == number(page.items_total)
        if card.rated and not page.sums:
            assert page.items_total == page.hero.score
        if page.sums:
            assert page.sums[-1].amount == page.hero.score


def test_the_lines_of_a_bonus_add_up_to_the_amount_paid():
    reporter = Reporter.of(sample(), "zh")
    for card in reporter.source.scores.cards:
        bonus = make_scorecard(reporter, card).bonus
        assert bonus is not None
        parts = [number(line.amount) for line in bonus.lines if line.kind not in ("total", "subtotal")]
        assert sum(parts, Decimal(0)) == number(bonus.total) == number(bonus.lines[-1].amount)


def test_the_same_input_gives_the_same_bytes():
    assert list(pages(sample(), lang="zh")) == list(pages(sample(), lang="zh"))


def test_a_file_name_is_safe_whatever_the_employee_number_holds():
    assert page_file("A10287") == "scorecard-A10287.html"
    assert page_file("张伟") == "scorecard-张伟.html"
    assert re.fullmatch(r"scorecard-etcpasswd~[0-9a-f]{10}\.html", page_file("../etc/passwd"))
    assert page_file("a/b") != page_file("a\\b")


def test_everybody_has_a_page_of_their_own():
    names = [name for name, _ in pages(sample(60), lang="zh")]
    assert len(names) == len(set(names)) == 62
