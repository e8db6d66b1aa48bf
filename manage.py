#!/usr/bin/env python
"""Django's command line. Finds the portal's servers through MOBILITY_HOME (see mobility_portal/embedded)."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.stderr.write(
        "The portal needs Python 3.11, 3.12 or 3.13 and this is {}.{}: run it with another interpreter, "
        "for example `make run PYTHON=python3.13`.\n".format(*sys.version_info[:2])
    )
    sys.exit(2)

if __name__ == "__main__":
    from mobility_portal.command_line import main

    sys.exit(main(sys.argv))
