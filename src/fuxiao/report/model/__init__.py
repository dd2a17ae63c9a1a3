"""What each page shows, ready to print: frozen, worded, without a decision left for the template."""
