"""Where the reaction to visits and the deadlines keep their place: offsets, versions seen, parked streams, timers."""

from qingyuan_runtime import timers
from qingyuan_runtime.projection_schema import place_script
from qingyuan_runtime.revising import app_role, run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(place_script("reaction_confirmations", app_role()))
    run_script(place_script("deadlines", app_role(), timers.create_script()))
