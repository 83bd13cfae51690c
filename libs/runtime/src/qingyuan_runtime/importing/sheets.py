"""Reads the filled cells of one worksheet in one pass, each with the coordinates that Excel shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal
from xml.parsers import expat

from qingyuan_runtime.importing.parts import NotAWorkbook, Package, SheetPart, unescaped
from qingyuan_runtime.importing.sizes import MAX_TEXT, TEXT_TOO_LONG, Unreadable

ValueType = Literal["text", "number", "logical", "error", "day"]
CHUNK: Final = 256 * 1024
_VALUE_TYPES: Final[Mapping[str, ValueType]] = {
    "s": "text", "str": "text", "inlineStr": "text", "n": "number", "b": "logical", "e": "error", "d": "day",
}  # fmt: skip
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as stored in the file: `text` has every digit, `format` is that of its style. Formulas are never executed."""

    row: int
    column: int
    type: ValueType
    text: str
    format: str = "General"
    formula: bool = False

    @property
    def reference(self) -> str:
        return cell_reference(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        return f"{cell_reference(self.first_row, self.first_column)}:{cell_reference(self.last_row, self.last_column)}"


@dataclass(slots=True)
class Sheet:
    """`rows`: number as Excel shows it → the row's filled cells, from left to right."""

    rows: dict[int, list[Cell]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@cache
def column_letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        text = chr(ord("A") + rest) + text
    return text


def cell_reference(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def read_sheet(package: Package, sheet: SheetPart, max_rows: int) -> Sheet:
    """Stops after more than `max_rows` filled rows: the caller refuses so many."""
    handler = _SheetHandler(package, max_rows)
    parser = expat.ParserCreate()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = handler.doctype
    parser.buffer_text = True
    with package.archive.open(sheet.part) as part:
        while not handler.full and (chunk := part.read(CHUNK)):
            parser.Parse(chunk, False)
    if not handler.full:
        parser.Parse(b"", True)
    return handler.sheet


class _SheetHandler:
    """Handles the events of the XML parser. A row or cell without coordinates follows the one before it."""

    def __init__(self, package: Package, max_rows: int) -> None:
        self._package = package
        self._max_rows = max_rows
        self.sheet = Sheet()
        self.full = False
        self._row = self._column = 0
        self._attributes: dict[str, str] = {}
        self._formula = False
        self._pronounced = False
        self._texts: list[str] = []
        self._length = 0
        self._collecting = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row, "c": self._start_cell, "v": self._collect, "t": self._collect, "f": self._start_formula,
            "rPh": self._start_pronounced, "mergeCell": self._merge, "col": self._columns,
        }  # fmt: skip
        self._ends: dict[str, Callable[[], None]] = {
            "v": self._pause, "t": self._pause, "c": self._end_cell, "rPh": self._end_pronounced,
        }  # fmt: skip

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if begin := self._starts.get(name.rpartition(":")[2]):
            begin(attributes)

    def end(self, name: str) -> None:
        if finish := self._ends.get(name.rpartition(":")[2]):
            finish()

    def text(self, text: str) -> None:
        if self._collecting:
            self._texts.append(text)
            self._length += len(text)
            if self._length > MAX_TEXT:
                raise Unreadable(TEXT_TOO_LONG)

    def doctype(self, *_declared: object) -> None:
        raise NotAWorkbook

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0
        self.full = len(self.sheet.rows) > self._max_rows
        if attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        self._column = _coordinates(attributes["r"])[1] if "r" in attributes else self._column + 1
        self._formula = False
        self._texts = []
        self._length = 0

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self._formula = True

    def _start_pronounced(self, _attributes: dict[str, str]) -> None:
        self._pronounced = True

    def _end_pronounced(self) -> None:
        self._pronounced = False

    def _collect(self, _attributes: dict[str, str]) -> None:
        self._collecting = not self._pronounced

    def _pause(self) -> None:
        self._collecting = False

    def _end_cell(self) -> None:
        value_type = _VALUE_TYPES.get(self._attributes.get("t", "n"), "text")
        text = "".join(self._texts)
        if self._attributes.get("t") == "s" and text:
            text = self._package.texts[int(text)]
        elif value_type == "text":
            text = unescaped(text)
        if text.strip() or self._formula:
            cell = Cell(self._row, self._column, value_type, text, self._format(), self._formula)
            self.sheet.rows.setdefault(self._row, []).append(cell)

    def _format(self) -> str:
        style = int(self._attributes.get("s", "0"))
        return self._package.formats[style] if style < len(self._package.formats) else "General"

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        if last:
            self.sheet.merged.append(Area(*_coordinates(first), *_coordinates(last)))

    def _columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))


def _coordinates(reference: str) -> tuple[int, int]:
    """`C7` → (7, 3)."""
    plain = reference.replace("$", "")
    name = plain.rstrip("0123456789")
    return int(plain[len(name) :]), _number(name)


@cache
def _number(name: str) -> int:
    column = 0
    for letter in name.upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return column
