from qingyuan_runtime.revising import run_environment

run_environment()
