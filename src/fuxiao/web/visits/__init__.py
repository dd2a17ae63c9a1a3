"""Pages of visits: the board of a day, and the engineer's own day on the phone."""
