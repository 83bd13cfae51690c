"""`python -m files api | project <model> | all | migrate | rebuild <model> | dead-letters <model> …`"""

import sys

from files.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
