"""Types for text in requests. Pure.

A text is first *tidied* (invisible characters removed, each character in one form, outer blanks removed), and *refused* if
the rest cannot be stored or shown. Published event classes do not do this: their content is already recorded.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from qingyuan_runtime.domain.decider import Problem

LINE_MOST: Final = 200
PARAGRAPH_MOST: Final = 2_000

_IDEOGRAPH: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, the same from version 14 to 17, without the
selectors below: zero-width blanks and joiners, direction controls, byte-order mark, soft hyphen, tags, fillers, and
code points reserved for more of them, which programs do not show either."""
_OTHER_INVISIBLE: Final = "\u2800\ufff9-\ufffb\U00013430-\U0001343f"
"""Other invisible characters: the empty Braille pattern, and format characters (Cf) that mean nothing on their own. Not
those that are visible, such as the Arabic signs around a number."""
_SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors: after an ideograph they may be part of a person's name, after anything else they are invisible."""

_INVISIBLE: Final = re.compile(f"[{_IGNORABLE}{_OTHER_INVISIBLE}]")
_LONE_SELECTOR: Final = re.compile(f"(?<![{_IDEOGRAPH}])[{_SELECTORS}]+")
_SELECTOR: Final = re.compile(f"[{_SELECTORS}]")
_BLANK: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
"""Blanks that look like the normal one. The ideographic blank is as wide as a character and stays."""
_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)
)
_CONTROL: Final = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NONCHARACTERS}]"
)
_CHINESE: Final = re.compile(f"[{_IDEOGRAPH}]")
_BREAK: Final = re.compile("[\t\n]")
_PASTED_END: Final = re.compile("[\x0b\x0c\x85\u2028\u2029]")
"""Line ends in text pasted from PDFs, phones and word processors (the breaks of UAX 14 other than CR and LF)."""
_PASTED_ENDS: Final = re.compile(f"{_PASTED_END.pattern}+")
_FULL_WIDTH: Final = {
    0xFEE0 + sign: sign
    for sign in map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_#+")
}


STACKED_MOST: Final = 30
"""Combining marks on one character: more than any script uses (Unicode's stream-safe form)."""
_STACKED: Final = re.compile(rb"[^\0]{%d}" % (STACKED_MOST + 1))
_TWO_MARKS: Final = "\u0f73\u0f75\u0f81"
"""Each is decomposed into two combining marks, although its own combining class is 0."""


def _is_stacked(text: str) -> bool:
    """Whether it has so many marks in a row that normalising, whose time grows with their square, could take minutes."""
    if len(text) <= STACKED_MOST or text.isascii():
        return False
    classes = bytes(unicodedata.combining(sign) or sign in _TWO_MARKS for sign in text)
    return _STACKED.search(classes) is not None


def normalised(text: str) -> str:
    """Without invisible characters and outer blanks, in Unicode's composed form (NFC). Never fails.

    Every line end becomes a line feed. A text with stacked marks, which `fault` refuses, is not composed.
    """
    text = _PASTED_END.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii():
        return text.strip(" \t\n")
    text = _LONE_SELECTOR.sub("", _INVISIBLE.sub("", text))
    text = _BLANK.sub(" ", text if _is_stacked(text) else unicodedata.normalize("NFC", text))
    return text.strip(" \t\n\u3000")


def one_line(text: str) -> str:
    """Tidied, for a single line: line ends from pasted text become blanks; `fault` refuses those that were typed."""
    return normalised(_PASTED_ENDS.sub(" ", text))


def folded(text: str) -> str:
    """A code: tidied, with full-width letters, digits and signs converted to ASCII (`DW００９` is `DW009`)."""
    return one_line(_SELECTOR.sub("", text).translate(_FULL_WIDTH))


def file_name(text: str) -> str:
    """The name without folders, control and invisible characters; empty where nothing is left."""
    name = normalised(
        _BREAK.sub("", _CONTROL.sub("", text.replace("\r", "").replace("\\", "/").rpartition("/")[2]))
    )
    return "" if name in (".", "..") else name


def with_chinese_brackets(name: str) -> str:
    """A company's name with （） instead of (). Names without Chinese characters stay unchanged."""
    if not _CHINESE.search(name):
        return name
    return name.replace("(", "（").replace(")", "）")


def fault(text: str, *, breaks: bool = False) -> str | None:
    """Why a text is refused: `control_character`, `line_break`, `stacked_marks`, or None. With `breaks` it may have lines."""
    if _CONTROL.search(text):
        return "control_character"
    if _is_stacked(text):
        return "stacked_marks"
    if not breaks and _BREAK.search(text):
        return "line_break"
    return None


def tidied_all(value: Any) -> Any:
    """The same JSON with every text in it tidied; names of fields stay unchanged."""
    match value:
        case str():
            return normalised(value)
        case dict():
            return {name: tidied_all(member) for name, member in value.items()}
        case list():
            return [tidied_all(member) for member in value]
    return value


_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_UNSTORABLE_ESCAPE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def storable(value: Any) -> Any:
    """A value for a row, or a list of them, with U+FFFD for characters that PostgreSQL cannot store.

    Facts recorded before such texts were refused may contain U+0000, as a character or escaped in a JSON text.
    """
    if isinstance(value, str):
        value = _UNSTORABLE.sub("\ufffd", value)
        return _UNSTORABLE_ESCAPE.sub(r"\1\\ufffd", value) if value[:1] in ("{", "[", '"') else value
    return [storable(member) for member in value] if isinstance(value, list | tuple) else value


CHECKED: Final = {"qingyuan": "checked"}
"""In the schema of a type that limits its input completely. A test finds request fields whose types do not."""

SENTENCES: Final = {
    "control_character": "含有不可见的控制字符。",
    "line_break": "不能换行或含制表符。",
    "stacked_marks": "同一个字上叠加的符号过多。",
    "string_too_short": "必填项，不能为空。",
    "string_too_long": "内容过长，最多 {max_length} 个字。",
}


def problems(field: str, text: str, most: int, *, breaks: bool = False) -> Iterator[Problem]:
    """For a domain: the problems of a text that must be present, readable and not too long."""
    if not text.strip():
        yield Problem(field, "required", SENTENCES["string_too_short"])
    elif len(text) > most:
        yield Problem(field, "too-long", SENTENCES["string_too_long"].format(max_length=most))
    else:
        yield from unreadable(field, text, breaks=breaks)


def unreadable(field: str, text: str, *, breaks: bool = False) -> Iterator[Problem]:
    """The problems of a text that must be readable, but may be empty."""
    if wrong := fault(text, breaks=breaks):
        yield Problem(field, wrong.replace("_", "-"), SENTENCES[wrong])


@dataclass(frozen=True, slots=True)
class Text:
    """Marks a `str` in a request: how it is tidied, and what is refused."""

    most: int
    least: int = 0
    breaks: bool = False
    code: bool = False

    def read(self, raw: str) -> str:
        text = self.tidy(raw)
        if wrong := fault(text, breaks=self.breaks):
            raise PydanticCustomError(wrong, "a text that cannot be kept")
        if len(text) < self.least:
            raise PydanticKnownError("string_too_short", {"min_length": self.least})
        if len(text) > self.most:
            raise PydanticKnownError("string_too_long", {"max_length": self.most})
        return text

    def tidy(self, raw: str) -> str:
        if self.code:
            return folded(raw)
        return normalised(raw) if self.breaks else one_line(raw)

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.read, handler(str), metadata=dict(CHECKED))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        least = {"minLength": self.least} if self.least else {}
        return handler(schema) | least | {"maxLength": self.most}


class NameOfFile(Text):
    """The name of an uploaded file. Any name that a file system allows is accepted; folders are removed."""

    def tidy(self, raw: str) -> str:
        return file_name(raw)


class AsItIs(Text):
    """A text that must not be changed, such as a password: it is accepted as it is, or refused."""

    def tidy(self, raw: str) -> str:
        return raw


Line = Annotated[str, Text(LINE_MOST)]
"""One line, perhaps empty; the domain decides whether it may be."""
Paragraph = Annotated[str, Text(PARAGRAPH_MOST, breaks=True)]
Code = Annotated[str, Text(LINE_MOST, code=True)]
"""Identifying numbers and codes: of documents, devices, standards. Full-width characters become ASCII."""
Token = Annotated[str, AsItIs(30_000)]
"""A token that another service has issued."""
FileName = Annotated[str, NameOfFile(LINE_MOST, least=1)]
