"""Pages of people, teams and calendars."""
