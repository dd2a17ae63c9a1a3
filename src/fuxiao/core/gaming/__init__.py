"""Gaming signals: patterns that an indicator rewards and a customer does not. Each opens a review, none a penalty.

signal      what a signal is, and its thresholds
choosing    G1 cherry picking, G3 ping-pong, G11 difficulty inflation
closing     G2 close and reopen, G5 mass closing, G6 bunching and clock stopping, G8 back-dating
asking      G4 survey selection, G7 hollow first reply, G10 complaint hiding, G13 rating bursts
spending    G9 splitting, G12 part-swap padding
registry    the thirteen kinds: names, plain words, cure, thresholds
words       their texts in Chinese and English
screen      many people at once, so that honest people are not flagged
"""
