"""How work flows between units: waiting, hand-offs, loops, variants, and what poor quality costs.

journey     the holds of one case in order: work, lead, waiting, loops, ping-pong
network     hand-offs between units: directly-follows counts, waits, bottleneck, reciprocity
flow        a whole log in figures, and its variants
waste       cost of poor quality, compensation beyond what the case mix explains
"""
