"""The announcement of an upload: file names are normalised, and metadata that is invalid or cannot be stored is refused."""

import unicodedata

import pytest
from files.tus import announced
from qingyuan_runtime.domain.decider import Invalid

METADATA = {"filename": "一.jpg", "filetype": "image/jpeg", "sha256": "0" * 64}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (unicodedata.normalize("NFD", "Screenshot 2026-11-02 at 9.41\u202fAM é.png"), "Screenshot 2026-11-02 at 9.41 AM é.png"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("C:\\fakepath\\一.jpg", "一.jpg"),
    ],
)  # fmt: skip
def test_a_file_name_is_normalised_and_loses_folders_and_invisible_characters(name: str, kept: str) -> None:
    assert announced(METADATA | {"filename": name}, 1, 10).name == kept


@pytest.mark.parametrize(
    ("changed", "field"),
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
def test_invalid_metadata_is_refused_by_the_name_of_its_field(changed: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        announced(METADATA | changed, 1, 10)
    assert [problem.field for problem in refused.value.problems] == [field]
