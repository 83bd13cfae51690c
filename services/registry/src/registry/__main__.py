"""`python -m registry api | relay | worker | erasures | auditor | all | migrate | audit | restored`"""

import sys

from registry.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
