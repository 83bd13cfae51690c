"""`python -m filing api | relay | project business | worker | locks | erasures | auditor | all | migrate | audit | restored | …`"""

import sys

from filing.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
