"""Requests for a second way in where a certificate is lost, and organisations that demand the certificate."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass
