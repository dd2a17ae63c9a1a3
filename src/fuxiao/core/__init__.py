"""The business, pure: no framework, no database, no clock. Read top to bottom it is the product."""
