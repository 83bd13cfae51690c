"""Number plates as they are typed and as they are painted."""

import pytest
from qingyuan_standards.plates import is_plate, normalised_plate


@pytest.mark.parametrize("typed", ["沪ad12345", "沪ＡＤ１２３４５", " 沪A D123 45 ", "沪AD12345"])
def test_a_plate_is_what_is_painted_however_it_was_typed(typed: str) -> None:
    assert normalised_plate(typed) == "沪AD12345"
    assert is_plate(normalised_plate(typed))


@pytest.mark.parametrize("typed", ["沪A·12345", "沪AI2345", "A12345", ""])
def test_what_is_none_stays_none(typed: str) -> None:
    assert not is_plate(normalised_plate(typed))
