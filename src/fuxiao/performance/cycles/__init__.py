"""Review cycles: who takes part, each person's scorecards, what was written, talked about, appealed and decided."""
