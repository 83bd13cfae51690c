"""The token of the official account, shared by all senders; and an account may be reached by several WeChat users."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_wechat.tokens_postgres import tables

revision = "0002"
down_revision = "0001"

SEVERAL = "alter table delivery drop constraint delivery_message_id_channel_account_key;"
"""`provider_id` follows from message, way, account and WeChat user, so each is there once all the same."""


def upgrade() -> None:
    run_script(tables() + SEVERAL)
    run_script(f'grant select, insert, update, delete on wechat_tokens to "{app_role()}"')
