from qingyuan_runtime.database.revisions import run_environment

run_environment()
