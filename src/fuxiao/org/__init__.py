"""People, teams, positions and who belonged where from when to when; accounts and what they may do."""
