"""`python -m views api | project <model> | all | migrate | rebuild <model> | dead-letters <model> …`"""

import sys

from views.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
