"""What the reader was told: the bell, the list, how one wants to hear."""
