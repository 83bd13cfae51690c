"""`python -m reports api | relay | project installed | project contracted | worker | auditor | all | migrate | audit | restored | rebuild … | dead-letters …`"""

import sys

from reports.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
