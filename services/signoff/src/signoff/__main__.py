"""`python -m signoff api | relay | worker | auditor | all | migrate | audit | restored | rebuild … | dead-letters …`"""

import sys

from signoff.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
