"""What erasures ask the log for is found without reading all of it: recorded erasures every two seconds, who may be erased every hour."""

from qingyuan_runtime.database.revisions import run_script

revision = "0003"
down_revision = "0002"

INDEX = """
create index if not exists events_erasures on events (stream_id)
 where type in ('filing.person_erased.v1', 'resource.person_erased.v1');
create index if not exists events_of_leaving on events (stream_id) where type = 'resource.ended.v1';
create index if not exists events_of_basics on events (stream_id) where type = 'filing.basics_changed.v1';
"""


def upgrade() -> None:
    run_script(INDEX)
