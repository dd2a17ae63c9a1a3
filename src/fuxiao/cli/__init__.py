"""The command line: ``fuxiao …``."""
