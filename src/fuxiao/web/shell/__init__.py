"""What every page has: language, viewer, navigation, live updates, errors in words, health."""
