"""书面承诺: the dated text that an operator signs before it files itself."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from qingyuan_events.filing import FilingUndertakingGivenV2
from qingyuan_events.parts import Signature
from qingyuan_runtime.domain.decider import Problem, Refused
from qingyuan_runtime.domain.problems import refuse
from qingyuan_runtime.domain.signing import files_of, require_drawn, require_stored

from filing.domain.filings.commands import GiveUndertaking
from filing.domain.filings.state import FilingState


@dataclass(frozen=True, slots=True)
class Undertaking:
    """`version` and `text` as the dated setting has them."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        """What the second factor is given for."""
        return hashlib.sha256(f"{self.version}\n{self.text}".encode()).hexdigest()


def _kinds_of(signature: Signature) -> Iterator[Problem]:
    if not signature.image.media_type.startswith("image/"):
        yield Problem("signature.image", "image", "签名应为图片。")
    if signature.strokes.media_type != "application/json":
        yield Problem("signature.strokes", "strokes", "笔迹应为页面记录的 JSON 文件。")


def give(command: GiveUndertaking, state: FilingState) -> FilingUndertakingGivenV2:
    begun, text = state.existing(), Undertaking(command.version, command.text)
    if command.shown_version != text.version:
        raise Refused("undertaking.outdated", "承诺书已更新，请阅读新的承诺书后再签署。")
    if state.undertaking == text.version:
        raise Refused("undertaking.given", "本机构已签署这一版承诺书。")
    if (command.by, command.not_before) in state.proofs:
        raise Refused("second-factor.used", "这次身份验证已经用过，请重新输入登录密码后签署。")
    refuse(_kinds_of(command.signature))
    require_stored(files_of(command.signature), command.stored)
    require_drawn(files_of(command.signature), command.blank)
    return FilingUndertakingGivenV2(
        operator_id=begun.operator_id,
        edition=text.version,
        text=text.text,
        text_sha256=text.sha256,
        signature=command.signature,
        second_factor=command.second_factor,
        certificate=command.certificate,
        by=command.by,
        not_before=command.not_before,
        given_at=command.now,
    )
