"""The service's role adds lines to the security log, but says neither when they happened nor which number they have."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0014"
down_revision = "0013"

SAID = "account_id, what, actor, address, device, result, detail, kind, organisation, district"
"""What the service says. `id` and `happened` are the database's own."""


def upgrade() -> None:
    run_script(f'revoke insert on security_log from "{app_role()}"')
    run_script(f'grant insert ({SAID}) on security_log to "{app_role()}"')
