"""One thread per process for linear algebra: several processes share the work already.

On vectors of this size further threads mostly wait for each other: the semantic tier takes five
times the CPU seconds with four of them. Must be imported before numpy; settings of the
environment win.
"""

import os
from typing import Final

NAMES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

for _name in NAMES:
    os.environ.setdefault(_name, "1")
