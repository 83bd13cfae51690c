"""Text in requests: what is tidied, what is refused, and that tidying twice changes nothing."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.text import Code, FileName, Line, Paragraph

LINE: TypeAdapter[str] = TypeAdapter(Line)
PARAGRAPH: TypeAdapter[str] = TypeAdapter(Paragraph)
CODE: TypeAdapter[str] = TypeAdapter(Code)
NAME: TypeAdapter[str] = TypeAdapter(FileName)
SEEN_FORMATS = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
FORMATS = {sign for sign in map(chr, range(0x110000)) if unicodedata.category(sign) == "Cf"}


def _signs(*ranges: tuple[int, int]) -> set[str]:
    return {chr(sign) for first, last in ranges for sign in range(first, last + 1)}


SELECTORS = _signs((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
"""A person's name may need them, after an ideograph."""
MONGOLIAN_SELECTORS = _signs((0x180B, 0x180D), (0x180F, 0x180F))
OTHER_IGNORABLE = _signs(
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x2065, 0x2065), (0x3164, 0x3164), (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8), (0xE0000, 0xE0000), (0xE0002, 0xE001F), (0xE0080, 0xE00FF), (0xE01F0, 0xE0FFF),
)  # fmt: skip
SHOWN_FORMATS = SEEN_FORMATS | _signs((0xFFF9, 0xFFFB), (0x13430, 0x1343F))
IGNORABLE = (FORMATS - SHOWN_FORMATS) | SELECTORS | MONGOLIAN_SELECTORS | OTHER_IGNORABLE
"""Default_Ignorable_Code_Point, put together as DerivedCoreProperties.txt says: formats without those that are shown,
variation selectors, and Other_Default_Ignorable_Code_Point of PropList.txt, most of which is not assigned yet."""
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Cs"]),
        st.sampled_from("0０Ａａ葛\U000e0100\ufe0f\ufa1e e\u0301\r\n\t\x0b\x0c\x85\u2028\u2029\u2065"),
    )
)


def why(adapter: TypeAdapter[str], raw: object) -> str:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(raw)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("  丙\u3000", "丙"),
        ("SN\u200b12\ufeff3", "SN123"),
        ("\u202egpj.exe", "gpj.exe"),
        ("e\u0301", "\u00e9"),
        ("9.41\u202fAM\u00a0x", "9.41 AM x"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("SN\U000e01001", "SN1"),
        ("\u3164\u2800", ""),
        ("完\r\n", "完"),
        ("张\u3000三", "张\u3000三"),
        ("上海\u2028清泉", "上海 清泉"),
        ("a\x0b\x0c\x85\u2029b", "a b"),
        ("\u2028a\x0b", "a"),
    ],
)
def test_a_line_is_tidied(raw: str, tidied: str) -> None:
    assert LINE.validate_python(raw) == tidied


def test_a_code_is_written_as_a_keyboard_writes_it() -> None:
    assert CODE.validate_python("ＤＷ００９－０１") == "DW009-01"
    assert CODE.validate_python("沪（２０２０）第１号") == "沪（2020）第1号"
    assert CODE.validate_python("SN\u4e00\U000e0100") == "SN\u4e00"
    assert LINE.validate_python("第１号") == "第１号"


def test_a_paragraph_has_lines_of_one_kind() -> None:
    assert PARAGRAPH.validate_python("一\r\n二\r三\n") == "一\n二\n三"


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_what_pdfs_and_telephones_paste_as_the_end_of_a_line_is_one(end: str) -> None:
    assert PARAGRAPH.validate_python(f"一{end}二{end}") == "一\n二"
    assert PARAGRAPH.validate_python(f"a{end}{end}b") == "a\n\nb"
    assert LINE.validate_python(f"一{end}{end}二{end}") == "一 二"
    assert CODE.validate_python(f"LC-2026-018{end}") == "LC-2026-018"


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("a\0b", "control_character"),
        ("a\x1bb", "control_character"),
        ("a\x7fb", "control_character"),
        ("a\x84b", "control_character"),
        ("a\uffffb", "control_character"),
        ("a\ud800b", "control_character"),
        ("a" + 31 * "\u0301", "stacked_marks"),
        ("a" + 31 * "\u0f73", "stacked_marks"),
        ("a\nb", "line_break"),
        ("a\tb", "line_break"),
        ("字" * 201, "string_too_long"),
        (7, "string_type"),
    ],
)
def test_a_line_is_refused(raw: object, rule: str) -> None:
    assert why(LINE, raw) == rule


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        (unicodedata.normalize("NFD", "Screenshot 2026-11-02 at 9.41\u202fAM é.png"), "Screenshot 2026-11-02 at 9.41 AM é.png"),
        ("C:\\Users\\x\\照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\0b\nc.jpg", "abc.jpg"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
    ],
)  # fmt: skip
def test_what_a_file_system_allows_is_a_name(raw: str, tidied: str) -> None:
    assert NAME.validate_python(raw) == tidied


@pytest.mark.parametrize("raw", ["", "..", "/", "\u200b", "a/"])
def test_no_name_is_refused(raw: str) -> None:
    assert why(NAME, raw) == "string_too_short"


def test_every_invisible_format_character_is_removed() -> None:
    assert {sign for sign in FORMATS if text.normalised(f"a{sign}b") != "ab"} == SEEN_FORMATS


def test_nothing_that_unicode_lets_programs_not_show_is_left_in_a_text() -> None:
    """With such a character two contracts had the same visible number, and a name was invisible."""
    assert len(IGNORABLE) == 4174  # as DerivedCoreProperties.txt counts them
    for sign in IGNORABLE:
        assert CODE.validate_python(f"LC-2026-018{sign}") == "LC-2026-018", hex(ord(sign))
        assert LINE.validate_python(f"a{sign}") == "a", hex(ord(sign))
        assert LINE.validate_python(sign) == PARAGRAPH.validate_python(sign) == "", hex(ord(sign))
        tidied = f"葛{sign}" if sign in SELECTORS else "葛"
        assert PARAGRAPH.validate_python(f"葛{sign}") == tidied, hex(ord(sign))
        assert CODE.validate_python(f"葛{sign}") == "葛", hex(ord(sign))


def test_what_postgresql_cannot_hold_is_replaced_in_rows() -> None:
    content = {"reason": "a\0b", "path": "C:\\u0000"}
    row = (1, "a\0b\ud800", ["x\0"], json.dumps(content), "C:\\u0000", None)
    number, plain, listed, as_json, path, nothing = text.storable(row)
    assert (number, plain, listed, path, nothing) == (1, "a\ufffdb\ufffd", ["x\ufffd"], "C:\\u0000", None)
    assert json.loads(as_json) == {"reason": "a\ufffdb", "path": "C:\\u0000"}


def test_marks_without_end_are_refused_without_being_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of a megabyte of them, which fits into a request, blocked a service for a minute."""
    composed: list[str] = []

    def compose(_form: str, composing: str) -> str:
        composed.append(composing)
        return composing

    monkeypatch.setattr(unicodedata, "normalize", compose)
    assert why(PARAGRAPH, "a" + 60_000 * "\u0301\u0327") == "stacked_marks"
    PARAGRAPH.validate_python("e" + 30 * "\u0301")
    assert composed == ["e" + 30 * "\u0301"]


@given(NASTY)
def test_tidying_once_is_enough(raw: str) -> None:
    for tidy in (text.normalised, text.one_line, text.folded, text.file_name):
        assert tidy(tidy(raw)) == tidy(raw)


@given(NASTY)
def test_what_is_accepted_can_be_stored_and_shown(raw: str) -> None:
    try:
        tidied = LINE.validate_python(raw)
    except ValidationError:
        return
    assert tidied.encode().decode() == tidied
    assert not [sign for sign in tidied if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("源测(上海)公司", "源测（上海）公司"),
        ("𠮷(A)", "𠮷（A）"),
        ("ACME (Shanghai) Ltd", "ACME (Shanghai) Ltd"),
    ],
)
def test_a_name_with_chinese_has_chinese_brackets(typed: str, tidied: str) -> None:
    assert text.with_chinese_brackets(typed) == tidied
