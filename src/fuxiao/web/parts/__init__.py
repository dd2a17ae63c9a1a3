"""Pages of parts: what waits to be issued, what lies where, old parts that are due, the catalogue."""
