"""`python -m accounts api | sweeper | all | migrate | user …`"""

import sys

from accounts.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
