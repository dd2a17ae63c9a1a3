"""Process insight from a company's own event log: where cases wait, go back, take odd ways, and what failure costs.

log         the acts on cases and the holds they make, as expressions
hand_offs   edges between units with their waits, ping-pong, rework
ways        variants and their entropy
waiting     where working time went, and whose it was
quality     the cost of poor quality
report      everything of a period
"""

from fuxiao.performance.process.quality import UnitCosts
from fuxiao.performance.process.report import ProcessReport, analyse

__all__ = ["ProcessReport", "UnitCosts", "analyse"]
