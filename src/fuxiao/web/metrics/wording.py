"""How pages write figures: the one formatter of the product, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from fuxiao.report.figures import Figures
from fuxiao.report.wording import Words
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language


def exactly(seconds: int) -> str:
    """Seconds as a clock shows them, ``9:05:07``; a minus where it is past."""
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'−' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"


def formats() -> Figures:
    """The formatter for the reader's language and the organisation's currency and zone."""
    settings = organisation()
    return _formats(language(), settings.currency, settings.zone)


@lru_cache(maxsize=8)
def _formats(lang: str, currency: str, zone: str) -> Figures:
    return Figures(Words(lang), currency=currency, zone=zone)


def joined(parts: list[str]) -> str:
    """Remarks one after the other."""
    return ("；" if language() == "zh" else "; ").join(parts)
