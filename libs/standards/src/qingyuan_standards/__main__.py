import sys

from qingyuan_standards.rules.command import run

status, told = run(sys.argv[1:])
sys.stdout.write(told)
sys.exit(status)
