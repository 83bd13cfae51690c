"""The position of the reaction, the right to make read models, and indexes for what checks ask of the log."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.following.projection_schema import position_script

revision = "0002"
down_revision = "0001"

INDEXES = """
create index if not exists events_with_prints on events using gin ((data::jsonb -> 'prints') jsonb_path_ops)
 where type in ('report.submitted.v1', 'report.resubmitted.v1');
create index if not exists events_of_exemptions on events ((data ->> 'enterprise_id'))
 where type = 'exemption.granted.v1';
"""


def upgrade() -> None:
    role = app_role()
    run_script(position_script("reaction_checks", role))
    run_script(INDEXES)
    run_script(
        f"""
        do $$ begin
            execute format('grant create on database %I to "{role}"', current_database());
        end $$;
        """
    )
