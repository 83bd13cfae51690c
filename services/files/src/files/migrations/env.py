from qingyuan_runtime.migrating import run_environment

run_environment()
