"""Run the command line with `python -m guanxi`."""

import sys

from guanxi.project.cli import main

sys.exit(main())
