"""Target proposal: floor, target and stretch from a person's or team's own months, a benchmark and the law.

history     what goes in: months, rules of the house, the previous target
season      how much of a month is the season
line        the robust trend and what is left around it
steps       level, aim and ends: each number on the way
targets     the proposal: floor, target, stretch, warnings
account     its trace: each step with its arithmetic
"""
