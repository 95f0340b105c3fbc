"""The demo's next extract of the central register: some houses differ, each in its way, and make a queue to see."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from .registers import DemoHouse, DemoRegister, house_code

# Houses of a tagged community by their places among its houses.
DIVIDED, RENUMBERED, MOVED, STRUCK, GONE = 46, 48, 50, 52, 54
NEW_BESIDE = (10, 44)
PARTS = 2
FURTHER_ON = 400
LETTER = "กท ๙๙๐๒/๔๕ (ชุดสาธิต)"


def next_extract(register: DemoRegister, community: str) -> DemoRegister:
    """The register some weeks later: in the tagged community (by code) houses are new, divided, changed or gone."""
    tagged = register.of_community[community]
    changed = _changed(tagged)
    houses = [changed.get(house.code, house) for house in register.houses]
    added = [*_parts(tagged[DIVIDED]), *(_new_beside(tagged[place]) for place in NEW_BESIDE)]
    coded = [
        dataclasses.replace(house, code=house_code(house.code[:4], len(register.houses) + nth))
        for nth, house in enumerate(added)
    ]
    return dataclasses.replace(register, houses=[*(house for house in houses if house is not None), *coded])


def _changed(tagged: Sequence[DemoHouse]) -> Mapping[str, DemoHouse | None]:
    """What became of houses, by their codes; None for the one that is gone."""
    renumbered, moved = tagged[RENUMBERED], tagged[MOVED]
    return {
        renumbered.code: dataclasses.replace(renumbered, number=f"{_main(renumbered)}/{FURTHER_ON}"),
        moved.code: dataclasses.replace(moved, soi=f"{moved.road} 9"),
        tagged[STRUCK].code: dataclasses.replace(tagged[STRUCK], is_struck=True),
        tagged[GONE].code: None,
    }


def _parts(house: DemoHouse) -> list[DemoHouse]:
    """The houses that came from the one that was divided."""
    whole = house.number.split(" ")[0]
    return [dataclasses.replace(house, number=f"{whole}/{part}") for part in range(1, PARTS + 1)]


def _new_beside(house: DemoHouse) -> DemoHouse:
    return dataclasses.replace(house, number=f"{_main(house)}/{FURTHER_ON + 1}")


def _main(house: DemoHouse) -> str:
    return house.number.split("/")[0].split(" ")[0]
