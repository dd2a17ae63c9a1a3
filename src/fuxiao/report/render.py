"""Pages to HTML: one environment, everything escaped, the style sheet inside each page and named by its digest."""

from __future__ import annotations

import base64
import functools
import hashlib
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fuxiao.report.model.overview import IndexPage, OverviewPage
from fuxiao.report.model.scorecard import ScorecardPage
from fuxiao.report.wording import Words

TEMPLATES = {ScorecardPage: "scorecard.html", OverviewPage: "overview.html", IndexPage: "index.html"}
COMMENTS, BREAKS = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s*\n\s*")


@functools.cache
def environment() -> Environment:
    """Templates of this package; a value nobody filled in is an error, and every value is escaped."""
    made = Environment(
        loader=PackageLoader("fuxiao.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["style"], made.globals["style_hash"] = _style(made)
    return made


def _style(made: Environment) -> tuple[Markup, str]:
    """Our own style sheet, and the digest by which the page's security policy allows it and no other."""
    source, _, _ = made.loader.get_source(made, "report.css") if made.loader else ("", None, None)
    text = BREAKS.sub("\n", COMMENTS.sub("", source)).strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), digest  # noqa: S704 -- our own file, without anything from a log


def render(page: ScorecardPage | OverviewPage | IndexPage, lang: str) -> str:
    """The page as one HTML text that needs nothing else."""
    template = environment().get_template(TEMPLATES[type(page)])
    return template.render(page=page, w=Words(lang))
