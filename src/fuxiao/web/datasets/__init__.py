"""Pages of data coming in."""
