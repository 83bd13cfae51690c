"""The positions of the reaction to visits and of the deadlines: offsets, versions seen, dead letters; and the timers."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.following.projection_schema import position_script
from qingyuan_runtime.reacting import timers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(position_script("reaction_confirmations", app_role()))
    run_script(position_script("deadlines", app_role(), timers.create_script()))
