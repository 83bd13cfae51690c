"""Which WeChat user is bound to which accounts, and the tokens that several processes share."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    pass
