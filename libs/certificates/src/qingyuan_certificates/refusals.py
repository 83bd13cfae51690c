"""Why a certificate or a signature is not believed. The code is for programs, the sentence for people."""

from enum import StrEnum


class Reason(StrEnum):
    UNREADABLE = "certificate.unreadable"
    ALGORITHM = "certificate.algorithm"
    SIGNATURE = "certificate.signature"
    UNTRUSTED = "certificate.untrusted"
    NOT_YET_VALID = "certificate.not_yet_valid"
    EXPIRED = "certificate.expired"
    USAGE = "certificate.usage"
    REVOKED = "certificate.revoked"
    REVOCATION_UNKNOWN = "certificate.revocation_unknown"
    SUBJECT = "certificate.subject"


class CertificateRefused(Exception):
    """`sentence` is Chinese and may be shown to whoever holds the certificate."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason
        self.sentence = sentence
