"""E-mail by SMTP."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from uuid import UUID

import aiosmtplib

from messages.channels.port import Letter, NotAccepted, NotNow, Outcome, Unsure

SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class EmailChannel:
    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False
    seconds: float = SECONDS

    async def send(self, letter: Letter) -> None:
        client = aiosmtplib.SMTP(
            hostname=self.host, port=self.port, start_tls=self.starttls, timeout=self.seconds
        )
        try:
            await client.connect()
            if self.user:
                await client.login(self.user, self.password)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise NotNow(type(error).__name__) from error
        try:
            await self._hand_over(client, letter)
        finally:
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: Letter) -> None:
        try:
            await client.send_message(self._message(letter))
        except aiosmtplib.SMTPRecipientsRefused as refused:
            _raise_refusal(refused.recipients[0].code, refused)
        except aiosmtplib.SMTPResponseException as refused:
            _raise_refusal(refused.code, refused)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unsure(type(error).__name__) from error
        except ValueError as error:
            raise NotAccepted("address") from error

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.address
        message["Subject"] = letter.title
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = f"<{letter.provider_id}@{self.sender.partition('@')[2] or 'localhost'}>"
        message.set_content(f"{letter.text}\n\n{letter.link}\n")
        return message

    async def outcome(self, provider_id: UUID) -> Outcome | None:  # noqa: ARG002
        """A mail server is not asked: it forgets what it has passed on."""
        return None


def _raise_refusal(code: int, refused: Exception) -> None:
    """5xx is for ever, 4xx for now; the server has said that it did not take it."""
    raise (NotAccepted if code >= 500 else NotNow)(f"SMTP {code}") from refused
