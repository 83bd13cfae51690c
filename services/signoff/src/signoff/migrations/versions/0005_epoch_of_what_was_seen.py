"""The reaction's place learns of which epoch the last fact is that it has seen of a stream."""

from qingyuan_runtime.database.revisions import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script("alter table reaction_confirmations.projection_stream add column if not exists epoch integer")
