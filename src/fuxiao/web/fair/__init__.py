"""Fair comparison of people and teams, and where the time of cases went."""
