"""An import says what was read, left out and changed, and knows which file its key was first used for.

Instruments are found by their point, also those that have ended: an import is compared with them.
"""

from qingyuan_runtime.database.revisions import run_script

revision = "0006"
down_revision = "0005"

SUMMARIES = """
alter table imports add column if not exists fingerprint text not null default '';
alter table imports add column if not exists summary jsonb not null default '{}';
create index if not exists streams_of_parent on streams (parent) where parent is not null;
"""


def upgrade() -> None:
    run_script(SUMMARIES)
