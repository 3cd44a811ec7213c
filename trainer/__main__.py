"""`python -m trainer run.json`: sets what must be set before torch loads, then hands over to cli.py."""

import os
import sys

# A core type preset for OpenBLAS (some images pin Haswell) halves matrix speed on newer machines.
os.environ.pop("OPENBLAS_CORETYPE", None)
# Waiting OpenMP threads must not spin: they would take the cores from other processes, and from gloo.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

if __name__ == "__main__":
    from .cli import main

    sys.exit(main(sys.argv[1:]))
