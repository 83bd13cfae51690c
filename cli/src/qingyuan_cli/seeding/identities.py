"""Ids of the demo's own making: the same for the same words."""

from uuid import NAMESPACE_OID, UUID, uuid5


def id_of(what: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"qingyuan demo {what}")
