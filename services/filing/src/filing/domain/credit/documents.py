"""运维信用评价日常信息: documents about the instruments at monitoring points, filed, replaced, withdrawn."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from qingyuan_events.filing import (
    CreditDocument,
    CreditDocumentFiled,
    CreditDocumentReplaced,
    CreditDocumentWithdrawn,
)
from qingyuan_events.parts import FileRef
from qingyuan_runtime.domain.decider import Decider, Problem, Refused
from qingyuan_runtime.domain.problems import refuse, under

from filing.domain.shared import checks

NOUN: Final = "credit_document"
POINTS_MOST: Final = 2_000
DocumentFact = CreditDocumentFiled | CreditDocumentReplaced | CreditDocumentWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDocument:
    operator_id: UUID
    document_id: UUID
    document: CreditDocument
    stored: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceDocument:
    document: CreditDocument
    reason: str
    stored: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDocument:
    reason: str


DocumentCommand = FileDocument | ReplaceDocument | WithdrawDocument


@dataclass(frozen=True, slots=True)
class DocumentState:
    operator_id: UUID = UUID(int=0)
    document_id: UUID = UUID(int=0)
    document: CreditDocument | None = None
    is_withdrawn: bool = False

    def in_use(self) -> CreditDocument:
        """Raises `Refused` where there is no such document, or it was withdrawn."""
        if self.document is None:
            raise Refused(f"{NOUN}.missing", "没有找到要操作的对象，或您无权查看。")
        if self.is_withdrawn:
            raise Refused(f"{NOUN}.withdrawn", "该文件已撤回，不能再修改。")
        return self.document


def decide(command: DocumentCommand, state: DocumentState) -> tuple[DocumentFact, ...]:
    match command:
        case FileDocument():
            return (_file(command, state),)
        case ReplaceDocument():
            return (_replace(command, state),)
        case WithdrawDocument():
            return (_withdraw(command, state),)


def _file(command: FileDocument, state: DocumentState) -> CreditDocumentFiled:
    if state.document is not None:
        raise Refused(f"{NOUN}.exists", "该文件已登记，不能重复登记。")
    refuse(under("document", _problems(command.document, command.stored, None)))
    return CreditDocumentFiled(
        operator_id=command.operator_id, document_id=command.document_id, document=command.document
    )


def _replace(command: ReplaceDocument, state: DocumentState) -> CreditDocumentReplaced:
    was = state.in_use()
    if command.document == was:
        raise Refused("correction.empty", "没有任何改动，无需提交。")
    refuse(_replacement_problems(command, was))
    return CreditDocumentReplaced(
        operator_id=state.operator_id,
        document_id=state.document_id,
        document=command.document,
        reason=command.reason,
    )


def _replacement_problems(command: ReplaceDocument, was: CreditDocument) -> Iterator[Problem]:
    yield from under("document", _problems(command.document, command.stored, was.file))
    if command.document.kind != was.kind:
        yield Problem("document.kind", "immutable", "文件的类别不能更改；请撤回后另行登记。")
    yield from checks.reason(command.reason)


def _problems(document: CreditDocument, stored: Set[str], known: FileRef | None) -> Iterator[Problem]:
    yield from checks.texts(document)
    if not document.points:
        yield Problem("points", "required", "请至少选择一个测点。")
    elif len(document.points) > POINTS_MOST:
        yield Problem("points", "too-many", f"一份文件最多适用于 {POINTS_MOST} 个测点。")
    elif len(set(document.points)) < len(document.points):
        yield Problem("points", "repeated", "同一个测点选择了两次。")
    yield from checks.scan("file", document.file, stored, (known,))


def _withdraw(command: WithdrawDocument, state: DocumentState) -> CreditDocumentWithdrawn:
    state.in_use()
    refuse(checks.reason(command.reason))
    return CreditDocumentWithdrawn(
        operator_id=state.operator_id, document_id=state.document_id, reason=command.reason
    )


def evolve(state: DocumentState, fact: DocumentFact) -> DocumentState:
    match fact:
        case CreditDocumentFiled() | CreditDocumentReplaced():
            return DocumentState(fact.operator_id, fact.document_id, fact.document)
        case CreditDocumentWithdrawn():
            return replace(state, is_withdrawn=True)


DOCUMENT: Decider[DocumentCommand, DocumentState, DocumentFact] = Decider(
    noun=NOUN, initial=DocumentState(), decide=decide, evolve=evolve
)
