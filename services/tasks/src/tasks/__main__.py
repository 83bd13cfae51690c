"""`python -m tasks api | relay | project places | worker | auditor | all | migrate | audit | restored | rebuild … | dead-letters …`"""

import sys

from tasks.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
