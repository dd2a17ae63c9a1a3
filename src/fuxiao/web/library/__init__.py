"""The library of indicators: what each means, who is credited, how it can be gamed, how it stands now."""
