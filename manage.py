#!/usr/bin/env python
"""Django's command line. Finds the portal's servers through MOBILITY_HOME (see mobility_portal/embedded)."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
