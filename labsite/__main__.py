"""``python -m labsite``: see :mod:`labsite.cli`."""

from __future__ import annotations

import sys

from labsite.cli import main

sys.exit(main(sys.argv[1:]))
