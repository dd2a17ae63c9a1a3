"""Amounts: what a scorecard pays under a versioned plan, every cent explained.

Read in this order: ``money``, ``curve`` ``tiers`` ``piece`` ``base`` ``multiplier`` (one formula each), ``pool``,
``holdback`` ``minimum`` ``damage`` (an amount on its way to the payslip), ``earner`` (what is known of a person),
``component`` ``registry`` ``rules`` ``plan`` (the written promise), ``stint`` ``earned`` ``sharing`` ``settle`` (the
promise applied), ``payout`` (what comes out), ``honours`` ``ladder`` ``training`` (what a score gives besides money).
"""
