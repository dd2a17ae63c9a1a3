"""Events that a scheme counts, such as an accepted idea or a safety incident: reported, approved by a second, kept."""
