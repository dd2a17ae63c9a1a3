"""Writes the reference pages that are made from the program itself; ``python -m fuxiao.cli.docs FOLDER``."""
