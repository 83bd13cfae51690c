"""Where the reaction to visits keeps its place: offsets, versions seen, parked streams."""

from qingyuan_runtime import reacting
from qingyuan_runtime.migrating import app_role, run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(reacting.create_script("reaction_confirmations", app_role()))
