"""Read models and timers are schemas that the service itself makes and swaps; here it only gets the right to."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(
        f"""
        do $$ begin
            execute format('grant create on database %I to "{app_role()}"', current_database());
        end $$;
        """
    )
