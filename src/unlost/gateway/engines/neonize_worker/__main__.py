"""`python -m unlost.gateway.engines.neonize_worker --fd N --parent PID --folder PATH`"""

import sys

from unlost.gateway.engines.neonize_worker.program import main

if __name__ == "__main__":
    main(sys.argv[1:])
