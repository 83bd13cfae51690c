"""Each time that the code of a lost key was given again, with who, when and why: the approval itself stays as it was."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0018"
down_revision = "0017"

TABLES = """
create table lost_key_codes_again (
    id         bigint generated always as identity primary key,
    request_id uuid not null references lost_keys on delete cascade,
    given      timestamptz not null,
    given_by   uuid not null,
    note       text not null
);
create index codes_given_again on lost_key_codes_again (request_id, id);
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant select, insert, update, delete on lost_key_codes_again to "{app_role()}"')
