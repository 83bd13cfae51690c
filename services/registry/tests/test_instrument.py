"""仪器: every state and every refusal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from qingyuan_events.registry import (
    InstrumentCorrected,
    InstrumentOperatorChanged,
    InstrumentParticulars,
    InstrumentReplaced,
    InstrumentRetired,
    InstrumentVoided,
)
from qingyuan_runtime.domain.decider import Refused
from qingyuan_runtime.domain.testing import given
from registry.domain.instruments.commands import (
    ChangeOperator,
    CorrectInstrument,
    InstrumentCommand,
    PointOfInstrument,
    RegisterInstrument,
    ReplaceInstrument,
    RetireInstrument,
    VoidInstrument,
)
from registry.domain.instruments.decider import INSTRUMENT
from samples import (
    ENTERPRISE,
    NEW,
    OLD,
    POINT,
    SINCE,
    TODAY,
    gas,
    gas_point,
    registered,
    sampler,
    water,
    water_point,
)

LATER = date(2026, 6, 1)
IDS = {"instrument_id": OLD, "point_id": POINT, "enterprise_id": ENTERPRISE}


def register(
    particulars: InstrumentParticulars, at: PointOfInstrument = water_point, since: date = SINCE
) -> RegisterInstrument:
    return RegisterInstrument(
        instrument_id=OLD, point=at, particulars=particulars, valid_from=since, today=TODAY
    )


def correct(
    particulars: InstrumentParticulars, since: date = SINCE, reason: str = "录入错误"
) -> CorrectInstrument:
    return CorrectInstrument(
        instrument_id=OLD,
        point=water_point,
        particulars=particulars,
        valid_from=since,
        reason=reason,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("particulars", "at"), [(water, water_point), (sampler, water_point), (gas, gas_point)]
)
def test_each_kind_is_registered_at_its_point(
    particulars: InstrumentParticulars, at: PointOfInstrument
) -> None:
    given(INSTRUMENT).when(register(particulars, at)).then(registered(particulars))


@pytest.mark.parametrize(
    ("particulars", "at"), [(water, gas_point), (sampler, gas_point), (gas, water_point)]
)
def test_a_kind_does_not_fit_a_point_of_the_other_medium(
    particulars: InstrumentParticulars, at: PointOfInstrument
) -> None:
    given(INSTRUMENT).when(register(particulars, at)).refused("command.invalid", "particulars.kind")


def test_an_instrument_is_registered_once() -> None:
    given(INSTRUMENT, registered()).when(register(water)).refused("instrument.exists")


def test_a_probable_duplicate_is_refused_with_the_other_ones_id() -> None:
    with pytest.raises(Refused) as refusal:
        INSTRUMENT.decide(replace(register(water), duplicate_of=NEW), INSTRUMENT.initial)
    assert (refusal.value.code, refusal.value.details) == (
        "instrument.duplicate",
        {"instrument_id": str(NEW)},
    )


def test_a_correction_into_another_one_is_refused_in_the_same_way() -> None:
    wanted = correct(water.model_copy(update={"serial_number": "SN-9"}))
    given(INSTRUMENT, registered()).when(replace(wanted, duplicate_of=NEW)).refused("instrument.duplicate")


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = water.model_copy(
        update={"model": " ", "brand": "x" * 201, "factor": "a21026", "installer": "a\x07b"}
    )
    fields = ("model", "brand", "factor", "installer")
    expected = tuple(f"particulars.{field}" for field in fields)
    given(INSTRUMENT).when(register(wrong)).refused("command.invalid", *expected)


def test_the_unit_must_be_one_of_the_factors_quantity() -> None:
    for unit in ("mg/L", "µg/L"):
        given(INSTRUMENT).when(register(water.model_copy(update={"unit": unit}))).then(
            registered(water.model_copy(update={"unit": unit}))
        )
    given(INSTRUMENT).when(register(water.model_copy(update={"unit": "kPa"}))).refused(
        "command.invalid", "particulars.unit"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference_oxygen", "21.1"),
        ("reference_oxygen", "-1"),
        ("duct_area", "0"),
        ("pitot_coefficient", "5"),
    ],
)
def test_an_impossible_number_is_refused(field: str, value: str) -> None:
    wrong = gas.model_copy(update={field: Decimal(value)})
    given(INSTRUMENT).when(register(wrong, gas_point)).refused("command.invalid", f"particulars.{field}")


@pytest.mark.parametrize("since", [date(2024, 2, 29), date(2027, 11, 26)])
def test_it_begins_neither_before_its_point_nor_too_far_in_the_future(since: date) -> None:
    given(INSTRUMENT).when(register(water, since=since)).refused("command.invalid", "valid_from")


def test_a_correction_states_its_first_day_and_its_reason() -> None:
    better = water.model_copy(update={"serial_number": "A-1"})
    given(INSTRUMENT, registered()).when(correct(better, LATER)).then(
        InstrumentCorrected(**IDS, particulars=better, valid_from=LATER, reason="录入错误")
    )


def test_a_correction_that_changes_nothing_is_refused() -> None:
    given(INSTRUMENT, registered()).when(correct(water)).refused("correction.empty")


def test_a_correction_needs_a_reason_and_a_day_not_before_the_instrument_began() -> None:
    better = water.model_copy(update={"model": "B"})
    given(INSTRUMENT, registered()).when(correct(better, date(2020, 1, 1), " ")).refused(
        "command.invalid", "reason", "valid_from"
    )


def test_a_correction_cannot_make_an_analyser_a_sampler() -> None:
    given(INSTRUMENT, registered()).when(correct(sampler)).refused("command.invalid", "particulars.kind")


def test_a_change_of_operator_records_the_previous_operator() -> None:
    first = ChangeOperator(instrument_id=OLD, om_operator="乙运维有限公司", valid_from=LATER, today=TODAY)
    changed = InstrumentOperatorChanged(
        **IDS, om_operator="乙运维有限公司", om_operator_previous="甲运维有限公司", valid_from=LATER
    )
    given(INSTRUMENT, registered()).when(first).then(changed)
    second = ChangeOperator(instrument_id=OLD, om_operator="丙运维有限公司", valid_from=TODAY, today=TODAY)
    given(INSTRUMENT, registered(), changed).when(second).then(
        InstrumentOperatorChanged(
            **IDS, om_operator="丙运维有限公司", om_operator_previous="乙运维有限公司", valid_from=TODAY
        )
    )


def test_the_operator_is_not_changed_to_itself_to_nobody_or_before_the_last_change() -> None:
    def change(to: str, since: date = LATER) -> ChangeOperator:
        return ChangeOperator(instrument_id=OLD, om_operator=to, valid_from=since, today=TODAY)

    given(INSTRUMENT, registered()).when(change("甲运维有限公司")).refused("command.invalid", "om_operator")
    given(INSTRUMENT, registered()).when(change(" ")).refused("command.invalid", "om_operator")
    given(INSTRUMENT, registered()).when(change("乙", date(2020, 1, 1))).refused(
        "command.invalid", "valid_from"
    )
    given(INSTRUMENT, registered(sampler)).when(change("乙")).refused("instrument.no-operator")


def test_a_replacement_names_its_successor() -> None:
    given(INSTRUMENT, registered()).when(
        ReplaceInstrument(instrument_id=OLD, replaced_by=NEW, valid_to=LATER, reason="故障", today=TODAY)
    ).then(InstrumentReplaced(**IDS, replaced_by=NEW, valid_to=LATER, reason="故障"))


def test_retirement_ends_it_and_nothing_follows() -> None:
    retired = InstrumentRetired(**IDS, valid_to=LATER, reason="拆除")
    given(INSTRUMENT, registered()).when(
        RetireInstrument(instrument_id=OLD, valid_to=LATER, reason="拆除", today=TODAY)
    ).then(retired)
    after: list[InstrumentCommand] = [
        correct(water.model_copy(update={"model": "B"})),
        ChangeOperator(instrument_id=OLD, om_operator="乙", valid_from=TODAY, today=TODAY),
        ReplaceInstrument(instrument_id=OLD, replaced_by=NEW, valid_to=TODAY, reason="故障", today=TODAY),
        RetireInstrument(instrument_id=OLD, valid_to=TODAY, reason="拆除", today=TODAY),
    ]
    for command in after:
        given(INSTRUMENT, registered(), retired).when(command).refused("instrument.ended")


def test_what_was_registered_by_mistake_is_voided_once_and_nothing_follows() -> None:
    voided = InstrumentVoided(**IDS, reason="登记到了别的测点")
    void = VoidInstrument(instrument_id=OLD, reason="登记到了别的测点")
    given(INSTRUMENT, registered()).when(void).then(voided)
    given(INSTRUMENT, registered(), voided).when(void).refused("instrument.ended")
    given(INSTRUMENT, registered()).when(replace(void, reason=" ")).refused("command.invalid", "reason")
    assert INSTRUMENT.voids(voided)


def test_what_took_anothers_place_or_lost_its_own_is_not_voided() -> None:
    void = VoidInstrument(instrument_id=OLD, reason="误录")
    successor = registered().model_copy(update={"replaces": NEW})
    given(INSTRUMENT, successor).when(void).refused("instrument.replacement")
    corrected = INSTRUMENT.decide(
        correct(water.model_copy(update={"model": "B"})), INSTRUMENT.fold([successor])
    )
    given(INSTRUMENT, successor, *corrected).when(void).refused("instrument.replacement")
    replaced = InstrumentReplaced(**IDS, replaced_by=NEW, valid_to=LATER, reason="故障")
    given(INSTRUMENT, registered(), replaced).when(void).refused("instrument.ended")


def test_an_end_needs_a_reason_and_does_not_come_before_the_beginning() -> None:
    given(INSTRUMENT, registered()).when(
        RetireInstrument(instrument_id=OLD, valid_to=date(2020, 1, 1), reason="", today=TODAY)
    ).refused("command.invalid", "valid_to", "reason")


def test_what_does_not_exist_cannot_change() -> None:
    given(INSTRUMENT).when(
        RetireInstrument(instrument_id=OLD, valid_to=LATER, reason="拆除", today=TODAY)
    ).refused("instrument.missing")


def test_only_an_end_closes_the_stream_and_its_parent_is_the_point() -> None:
    assert INSTRUMENT.parent(registered()) == f"monitoring_point-{POINT}"
    assert not INSTRUMENT.closes(registered())
    assert INSTRUMENT.closes(InstrumentRetired(**IDS, valid_to=LATER, reason="拆除"))


texts = st.text(max_size=12)
days = st.dates(date(2023, 1, 1), date(2028, 1, 1))
commands = st.one_of(
    st.builds(lambda m, f, d: register(water.model_copy(update={"model": m, "factor": f}), since=d), texts, st.sampled_from(["w01018", "w21003", "a21026", ""]), days),
    st.builds(lambda m, d, r: correct(water.model_copy(update={"model": m}), d, r), texts, days, texts),
    st.builds(lambda o, d: ChangeOperator(instrument_id=OLD, om_operator=o, valid_from=d, today=TODAY), texts, days),
    st.builds(lambda d, r: RetireInstrument(instrument_id=OLD, valid_to=d, reason=r, today=TODAY), days, texts),
    st.builds(lambda d, r: ReplaceInstrument(instrument_id=OLD, replaced_by=NEW, valid_to=d, reason=r, today=TODAY), days, texts),
)  # fmt: skip


@hypothesis_given(st.lists(commands, max_size=12))
def test_after_any_commands_no_required_field_is_empty_and_the_end_is_not_before_the_beginning(
    issued: list[InstrumentCommand],
) -> None:
    state = INSTRUMENT.initial
    for command in issued:
        try:
            state = INSTRUMENT.fold(INSTRUMENT.decide(command, state), state)
        except Refused:
            continue
        assert state.lifetime.particulars is not None
        for field, info in type(state.lifetime.particulars).model_fields.items():
            assert not info.is_required() or str(getattr(state.lifetime.particulars, field)).strip()
        assert state.lifetime.valid_to is None or state.lifetime.valid_to >= state.lifetime.valid_from
