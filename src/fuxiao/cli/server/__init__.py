"""Running the web application: preparing a home folder for it, its processes, accounts of the demonstration."""
