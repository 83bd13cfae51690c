"""The erasures of contacts are found without reading the whole log: it is asked for them every two seconds."""

from qingyuan_runtime.database.revisions import run_script

revision = "0004"
down_revision = "0003"

INDEX = """
create index if not exists events_contact_erasures on events (stream_id) where type = 'enterprise.contact_erased.v1';
"""


def upgrade() -> None:
    run_script(INDEX)
