"""What requests about enterprises carry."""

from typing import Annotated

from pydantic import Field
from qingyuan_runtime.domain.bounds import Day
from qingyuan_runtime.domain.text import Line, Text

from registry.shared.bodies import Body
from registry.shared.particulars import SentEnterprise


class Contact(Body):
    """A person to call. Encrypted before it is stored; can be erased permanently."""

    name: Annotated[str, Text(50, least=1)]
    phone: Annotated[str, Text(30, least=3, code=True), Field(pattern=r"^[0-9+\-（）() ]+$")]


class RegisterEnterpriseBody(Body):
    particulars: SentEnterprise
    contact: Contact | None = None
    valid_from: Day


class CorrectEnterpriseBody(RegisterEnterpriseBody):
    reason: Line
