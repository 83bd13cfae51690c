"""Which WeChat binding, certificate, authenticator app and security key opened a session: it ends when they are taken away."""

from qingyuan_runtime.database.revisions import run_script

revision = "0017"
down_revision = "0016"

# Of sessions that are open already nobody knows it: they end by their time.
TABLES = """
alter table sessions add column opened_by uuid[] not null default '{}';
alter table totp_keys add column key_id uuid not null default gen_random_uuid();
"""


def upgrade() -> None:
    run_script(TABLES)
