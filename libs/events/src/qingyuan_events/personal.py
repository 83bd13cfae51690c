"""Personal data inside a fact: one nested object, encrypted with the key of the person concerned."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Personal(BaseModel):
    """AES-256-GCM ciphertext about one subject. Its key is stored elsewhere and can be destroyed.

    The additional authenticated data are ``stream/version/field``, so a ciphertext copied to another position cannot be
    decrypted. The plain text is a UTF-8 JSON object.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: UUID
    nonce: str = Field(description="12 bytes, base64")
    ciphertext: str = Field(description="with the 16-byte tag, base64")
