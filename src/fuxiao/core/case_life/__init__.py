"""The life of a case: what may be done with it when, which events that makes, and what they add up to."""

from fuxiao.core.case_life.life import OPEN, Happened, Life, State, after, life_of
from fuxiao.core.case_life.row import Row, history_of, row_of
from fuxiao.core.case_life.steps import Do, Verb, possible, step

__all__ = [
    "OPEN",
    "Do",
    "Happened",
    "Life",
    "Row",
    "State",
    "Verb",
    "after",
    "history_of",
    "life_of",
    "possible",
    "row_of",
    "step",
]
