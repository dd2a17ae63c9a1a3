"""Review cycles of many people: closing one, playing a draft over past ones, pages of a closed one under many readers."""
