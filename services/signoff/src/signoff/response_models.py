"""What signoff answers to questions."""

from pydantic import BaseModel


class Statement(BaseModel):
    """What a signature declares."""

    version: str
    text: str
