"""Pages that say why a figure or a score moved between two periods."""
