"""``python -m fuxiao``."""

from fuxiao.cli.main import main

main()
