"""What a client says of a file before it sends it: any name that a file system allows, and nothing that no row can hold."""

import unicodedata

import pytest
from files.tus import announced
from qingyuan_runtime.domain.decider import Invalid

SAID = {"filename": "一.jpg", "filetype": "image/jpeg", "sha256": "0" * 64}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (unicodedata.normalize("NFD", "Screenshot 2026-11-02 at 9.41\u202fAM é.png"), "Screenshot 2026-11-02 at 9.41 AM é.png"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("C:\\fakepath\\一.jpg", "一.jpg"),
    ],
)  # fmt: skip
def test_any_name_of_a_file_is_taken(name: str, kept: str) -> None:
    assert announced(SAID | {"filename": name}, 1, 10).name == kept


@pytest.mark.parametrize(
    ("bent", "field"),
    [
        ({"filename": "a\0b.jpg"}, "Upload-Metadata"),
        ({"filetype": "image/\x01"}, "Upload-Metadata"),
        ({"more": "\x85"}, "Upload-Metadata"),
        ({"m\0re": ""}, "Upload-Metadata"),
        ({"filename": ""}, "filename"),
        ({"filename": "\u200b"}, "filename"),
        ({"filename": "字" * 201}, "filename"),
        ({"filetype": "x" * 101}, "filetype"),
        ({"sha256": "٠" * 64}, "sha256"),
    ],
)
def test_what_no_row_can_hold_is_refused(bent: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        announced(SAID | bent, 1, 10)
    assert [problem.field for problem in refused.value.problems] == [field]
