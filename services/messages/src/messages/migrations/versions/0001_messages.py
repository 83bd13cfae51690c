"""Messages, who has read them, preferences and deliveries; and the privilege to create the schemas of the followers."""

from importlib.resources import files

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script((files("messages") / "tables.sql").read_text())
    run_script(
        f"""
        grant select, insert, update, delete on message, message_read, preference, delivery to "{app_role()}";
        grant select on alembic_version to "{app_role()}";
        do $$ begin
            execute format('grant create on database %I to "{app_role()}"', current_database());
        end $$;
        """
    )
