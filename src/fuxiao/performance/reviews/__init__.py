"""Reviews of gaming signals: what was found, who looks at it, what came of it, and what that teaches the thresholds."""
