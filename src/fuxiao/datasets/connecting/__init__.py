"""Read-only connections to the databases of other systems: what is asked, how it is written, who answers."""
