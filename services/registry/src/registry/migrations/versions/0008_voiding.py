"""What was registered by mistake can be voided, and then gives its code back. Voided instruments of before are marked."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.log import store_schema

revision = "0008"
down_revision = "0007"

VOIDED_BEFORE = """
    update streams set voided = true
     where not voided and stream_id in (select stream_id from events where type = 'instrument.voided.v1')
"""


def upgrade() -> None:
    run_script(store_schema.voiding_script(app_role()))
    run_script(VOIDED_BEFORE)
