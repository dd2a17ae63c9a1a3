"""Objectives of the company, its teams and people: what they mean, how far they are by live figures, who checks in."""
