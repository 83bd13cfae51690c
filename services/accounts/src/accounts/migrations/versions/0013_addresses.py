"""How people are reached by e-mail and SMS. They give it themselves; null is not reached in that way."""

from qingyuan_runtime.database.revisions import run_script

revision = "0013"
down_revision = "0012"

TABLES = """
alter table accounts add column email text;
alter table accounts add column mobile text;
"""


def upgrade() -> None:
    run_script(TABLES)
