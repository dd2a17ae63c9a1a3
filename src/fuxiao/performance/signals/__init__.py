"""Gaming signals in a company's own records: evidence by person, pair or approver; each opens a review, none a penalty.

find        all detectors over a period, corrected for looking at everybody
evidence    the window and the tables that detectors read, peers and roles
choosing    G1 cherry picking, G3 ping-pong, G11 difficulty inflation
closing     G2 close and reopen, G5 mass closing, G8 back-dating
clocks      G6 deadline bunching and clock stopping
asking      G4 survey selection, G7 hollow first reply, G10 complaint hiding, G13 rating bursts
spending    G9 splitting, G12 part padding, P3 over-compensation
limits      thresholds and policy as the home folder sets them in ``signals.yaml``
"""

from fuxiao.performance.signals.find import Finding, SignalReport, find_signals
from fuxiao.performance.signals.limits import Policy, Told, policy_of, read_limits, read_policy

__all__ = ["Finding", "Policy", "SignalReport", "Told", "find_signals", "policy_of", "read_limits", "read_policy"]
