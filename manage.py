#!/usr/bin/env python
"""Django's own commands (``migrate``, ``shell`` …) for whoever runs an installation; people use ``fuxiao``."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuxiao.config.settings")
    execute_from_command_line(sys.argv)
