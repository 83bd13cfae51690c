"""Text as people send it: one family of types for every place where a string comes in. Pure.

A text is *tidied* first (invisible characters out, one form for each character, outer blanks off) and *refused* when what
is left cannot be kept or shown. Published event classes say nothing of this: what they hold is already a fact.
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
those places that are kept free for more of them, which programs do not show either."""
_UNSEEN: Final = "\u2800\ufff9-\ufffb\U00013430-\U0001343f"
"""What shows nothing beside: the empty pattern of Braille, and formats (Cf) that are no text where they stand alone. Not
those that are seen, as the signs that stand around a number in Arabic."""
_SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors: after an ideograph they are part of a person's name, after anything else they hide."""

_INVISIBLE: Final = re.compile(f"[{_IGNORABLE}{_UNSEEN}]")
_STRAY_SELECTOR: Final = re.compile(f"(?<![{_IDEOGRAPH}])[{_SELECTORS}]+")
_SELECTOR: Final = re.compile(f"[{_SELECTORS}]")
_BLANK: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
"""Blanks that look like the one of the keyboard. The ideographic one is as wide as a character and stays."""
_NO_CHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)
)
_CONTROL: Final = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NO_CHARACTERS}]"
)
_CHINESE: Final = re.compile(f"[{_IDEOGRAPH}]")
_BREAK: Final = re.compile("[\t\n]")
_PASTED_END: Final = re.compile("[\x0b\x0c\x85\u2028\u2029]")
"""Ends of lines as PDFs, telephones and word processors hand them over (the breaks of UAX 14 beside CR and LF)."""
_PASTED_ENDS: Final = re.compile(f"{_PASTED_END.pattern}+")
_FULL_WIDTH: Final = {
    0xFEE0 + sign: sign
    for sign in map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_#+")
}


STACKED_MOST: Final = 30
"""Marks on one character: more than any script writes (Unicode's stream-safe form)."""
_STACKED: Final = re.compile(rb"[^\0]{%d}" % (STACKED_MOST + 1))
_TWO_MARKS: Final = "\u0f73\u0f75\u0f81"
"""Each falls apart into two marks, and says that it is none."""


def _is_stacked(text: str) -> bool:
    """Whether it has so many marks in a row that putting them in order takes time by their square: minutes for one request."""
    if len(text) <= STACKED_MOST or text.isascii():
        return False
    classes = bytes(unicodedata.combining(sign) or sign in _TWO_MARKS for sign in text)
    return _STACKED.search(classes) is not None


def normalised(text: str) -> str:
    """Without what cannot be seen and without outer blanks, in Unicode's composed form. Never fails.

    Whatever ends a line is one line break. What `fault` refuses for its marks stays uncomposed.
    """
    text = _PASTED_END.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii():
        return text.strip(" \t\n")
    text = _STRAY_SELECTOR.sub("", _INVISIBLE.sub("", text))
    text = _BLANK.sub(" ", text if _is_stacked(text) else unicodedata.normalize("NFC", text))
    return text.strip(" \t\n\u3000")


def one_line(text: str) -> str:
    """Tidied, for where no lines are: one that came along with a paste is a blank, one that was typed is for `fault`."""
    return normalised(_PASTED_ENDS.sub(" ", text))


def folded(text: str) -> str:
    """A code: tidied, with letters, digits and the signs of codes as a keyboard has them (`DW００９` is `DW009`)."""
    return one_line(_SELECTOR.sub("", text).translate(_FULL_WIDTH))


def file_name(text: str) -> str:
    """The name alone, without folders, controls and what cannot be seen; empty where nothing is left."""
    name = normalised(
        _BREAK.sub("", _CONTROL.sub("", text.replace("\r", "").replace("\\", "/").rpartition("/")[2]))
    )
    return "" if name in (".", "..") else name


def with_chinese_brackets(name: str) -> str:
    """A company's name with （） where somebody typed (); names without Chinese keep theirs."""
    if not _CHINESE.search(name):
        return name
    return name.replace("(", "（").replace(")", "）")


def fault(text: str, *, breaks: bool = False) -> str | None:
    """Why a text cannot be kept: `control_character`, `line_break`, `stacked_marks`, or None. With `breaks` it may have lines."""
    if _CONTROL.search(text):
        return "control_character"
    if _is_stacked(text):
        return "stacked_marks"
    if not breaks and _BREAK.search(text):
        return "line_break"
    return None


def tidied_all(value: Any) -> Any:
    """The same JSON with every text in it tidied; names of fields stay as they are."""
    match value:
        case str():
            return normalised(value)
        case dict():
            return {name: tidied_all(below) for name, below in value.items()}
        case list():
            return [tidied_all(below) for below in value]
    return value


_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_UNSTORABLE_ESCAPE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def storable(value: Any) -> Any:
    """A value for a row, or a list of them, with U+FFFD for what PostgreSQL cannot hold.

    Facts that were recorded before texts were refused may hold U+0000, as a character or escaped in a JSON text.
    """
    if isinstance(value, str):
        value = _UNSTORABLE.sub("\ufffd", value)
        return _UNSTORABLE_ESCAPE.sub(r"\1\\ufffd", value) if value[:1] in ("{", "[", '"') else value
    return [storable(one) for one in value] if isinstance(value, list | tuple) else value


CHECKED: Final = {"qingyuan": "checked"}
"""In the schema of a type that says all that may come in; a test looks for those that do not."""

SENTENCES: Final = {
    "control_character": "含有不可见的控制字符。",
    "line_break": "不能换行或含制表符。",
    "stacked_marks": "同一个字上叠加的符号过多。",
    "string_too_short": "必填项，不能为空。",
    "string_too_long": "内容过长，最多 {max_length} 个字。",
}


def problems(field: str, text: str, most: int, *, breaks: bool = False) -> Iterator[Problem]:
    """For a domain: text that must be there, readable and not too long."""
    if not text.strip():
        yield Problem(field, "required", SENTENCES["string_too_short"])
    elif len(text) > most:
        yield Problem(field, "too-long", SENTENCES["string_too_long"].format(max_length=most))
    else:
        yield from unreadable(field, text, breaks=breaks)


def unreadable(field: str, text: str, *, breaks: bool = False) -> Iterator[Problem]:
    """What cannot be kept of a text, which may be empty."""
    if wrong := fault(text, breaks=breaks):
        yield Problem(field, wrong.replace("_", "-"), SENTENCES[wrong])


@dataclass(frozen=True, slots=True)
class Text:
    """Marks a `str` that comes from outside: how it is tidied, and what is refused."""

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
    """How the uploader called a file. Whatever a file system allows is taken; only the name is kept of it."""

    def tidy(self, raw: str) -> str:
        return file_name(raw)


class AsItIs(Text):
    """What must not be changed by a sign, as a password: kept or refused."""

    def tidy(self, raw: str) -> str:
        return raw


Line = Annotated[str, Text(LINE_MOST)]
"""One line. Whether it may be empty is for the domain to say."""
Paragraph = Annotated[str, Text(PARAGRAPH_MOST, breaks=True)]
Code = Annotated[str, Text(LINE_MOST, code=True)]
"""What stands for a thing: numbers of papers and devices, codes of standards. Full-width signs are folded."""
FileName = Annotated[str, NameOfFile(LINE_MOST, least=1)]
