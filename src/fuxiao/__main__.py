"""``python -m fuxiao``."""

from fuxiao.cli.start import main

main()
