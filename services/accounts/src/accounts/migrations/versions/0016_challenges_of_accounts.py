"""Whose challenge it is, where somebody is logged in: such challenges are counted by the account and not by the address."""

from qingyuan_runtime.database.revisions import run_script

revision = "0016"
down_revision = "0015"

TABLES = """
alter table challenges add column account_id uuid references accounts on delete cascade;
create index challenges_by_account on challenges (account_id, made);
create index wechat_states_by_account on wechat_states (account_id, made);
"""


def upgrade() -> None:
    run_script(TABLES)
