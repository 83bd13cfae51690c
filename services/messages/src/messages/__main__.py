"""`python -m messages api | project notices_… | sender | all | migrate | rebuild … | dead-letters …`"""

import sys

from messages.main import SERVICE

if __name__ == "__main__":
    SERVICE.main(*sys.argv[1:])
