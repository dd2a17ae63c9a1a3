"""The web application under load, beside a plain page of the same framework on the same server in the same run."""
