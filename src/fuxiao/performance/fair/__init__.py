"""Fair comparison of people and teams on a company's own figures, and of one of them with their own past.

compare     rates of people or teams: intervals, shrinkage, funnel, case mix, three classes
strata      the kinds of cases that are compared with each other
trend       one person's or team's months: noise or signal, and before against after
"""

from fuxiao.performance.fair.compare import Compared, Comparison, comparable, compare, roles_with_cases
from fuxiao.performance.fair.trend import Change, Sentence, Trend, change, trend

__all__ = [
    "Change",
    "Compared",
    "Comparison",
    "Sentence",
    "Trend",
    "change",
    "comparable",
    "compare",
    "roles_with_cases",
    "trend",
]
