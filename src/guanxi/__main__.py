"""Run the command line with `python -m guanxi`."""

import sys

from guanxi.project.cli import main

if __name__ == "__main__":  # processes that the command starts import this module again
    sys.exit(main())
