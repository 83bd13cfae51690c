"""What factors are called: every short name is of a known factor, and each is found by all of its names."""

from qingyuan_standards.factors import FACTORS, SHORT_NAMES, searched_names


def test_a_short_name_is_of_a_known_factor_and_says_something_new() -> None:
    assert set(SHORT_NAMES) <= set(FACTORS)
    assert [code for code, names in SHORT_NAMES.items() if FACTORS[code][0] in names] == []


def test_no_short_name_means_two_factors_of_one_medium() -> None:
    named = [(code[0], name.lower()) for code, names in SHORT_NAMES.items() for name in names]
    assert len(named) == len(set(named))


def test_a_factor_is_searched_under_its_code_its_name_and_its_short_names() -> None:
    assert searched_names("w01018") == "w01018 化学需氧量 COD CODcr"
    assert searched_names("w20140") == "w20140 硒"
    assert searched_names("x") == "x"
