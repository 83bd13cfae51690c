"""Problems of a command are collected, named by their path, and refused together."""

import pytest
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.domain.problems import refuse, under

FIRST = Problem("code", "required", "请填写编号。")
SECOND = Problem("name", "required", "请填写名称。")


def test_nothing_wrong_is_nothing_refused() -> None:
    refuse(iter(()))


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Invalid) as invalid:
        refuse(iter((FIRST, SECOND)))
    assert invalid.value.problems == (FIRST, SECOND)


def test_a_field_is_named_as_it_stands_in_the_command() -> None:
    assert [problem.field for problem in under("particulars", (FIRST, SECOND))] == [
        "particulars.code",
        "particulars.name",
    ]
