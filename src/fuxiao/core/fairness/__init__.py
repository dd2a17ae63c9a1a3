"""Fair comparison: how sure a figure is, what luck and case mix did to it, and when a move is worth a word.

Import from the part that is needed; none is loaded before it is asked for, because NumPy and SciPy start slowly.

    intervals   how far a rate, a mean or a percentile may be off
    sizing      how many cases a statement needs
    shrinkage   rates of people with few cases, pulled towards the group
    means       the same for means
    casemix     rates adjusted for the kind of cases a person got
    funnel      exact decisions against a target, and the lines to draw them
    dispersion  wider limits where people differ more than chance allows
    xmr         one figure over time: noise or signal
    multiple    many comparisons at once
    classes     clearly above, not distinguishable, clearly below
    tenure      easier targets for people in their first months
"""
