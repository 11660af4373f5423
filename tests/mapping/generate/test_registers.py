"""Generated functions and closures agree on the records of every register, damaged ones too."""

import random
from dataclasses import replace
from typing import Any

import pytest

from qcp_graph.model.record import SourceRecord
from tests.mapping.generate import registers
from tests.mapping.generate.same import ODD, same


@pytest.mark.parametrize("source_id", registers.named())
def test_on_the_records_of_a_register(source_id: str) -> None:
    plan, records = registers.register(source_id)
    assert records
    for name, prepared in records:
        same(plan, name, prepared)


@pytest.mark.parametrize("source_id", registers.named())
def test_on_damaged_records_of_a_register(source_id: str) -> None:
    plan, records = registers.register(source_id)
    chance = random.Random(source_id)
    for number in range(150):
        name, prepared = records[number % len(records)]
        data: Any = prepared.record.data
        for _ in range(chance.choice([1, 1, 2, 6])):
            data = damaged(data, chance)
        record = SourceRecord(data, prepared.record.locator)
        same(plan, name, replace(prepared, record=record))


def damaged(value: Any, chance: random.Random) -> Any:
    """Replace, remove or repeat one value somewhere inside a value."""
    if isinstance(value, dict) and value:
        key = chance.choice(list(value))
        if chance.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: damaged(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        if chance.random() < 0.3:
            return [*value, value[place]]
        return [*value[:place], damaged(value[place], chance), *value[place + 1 :]]
    if chance.random() < 0.2:
        return [value, value]
    return chance.choice(ODD)
