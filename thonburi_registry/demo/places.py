"""The 44 communities and the roads of the demo.

Names 1 to 16 are real, the rest plainly samples (domain.md 4); the sub-districts of those, all expected
numbers and all houses are made up, so that the three rounds of tagging add up to the history.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class DemoCommunity:
    """A community of the demo: in which KPI round it is complete, and how many houses it has."""

    code: str
    name: str
    subdistrict: str
    round_no: int
    houses: int


_NAMED = [
    ("กุฎีขาว", "101501", 344),
    ("กุฎีจีน", "101501", 278),
    ("วัดบุปผาราม", "101501", 481),
    ("วัดประยูรวงศ์", "101501", 273),
    ("วัดกัลยาณ์", "101501", 518),
    ("โรงคราม", "101501", 420),
    ("โรงเจ 1", "101503", 289),
    ("โรงเจ 2", "101503", 467),
    ("ตากสินสัมพันธ์", "101507", 151),
    ("ตรอกเทวดา", "101504", 191),
    ("พัฒนาบ้านล่าง", "101505", 421),
    ("สวนพลู", "101505", 510),
    ("วัดประดิษฐาราม", "101502", 342),
    ("วัดใหญ่ศรีสุพรรณ", "101502", 409),
    ("วัดหิรัญรูจี", "101502", 373),
    ("บางไส้ไก่", "101502", 522),
]
_SAMPLE_SUBDISTRICTS = ("101504", "101505", "101506", "101507", "101503")
_SAMPLE_HOUSES = (
    (267, 354),
    (408, 222, 188, 159, 487, 501, 467, 458, 176, 443, 329, 383, 397, 497),
    (292, 327, 501, 351, 171, 458, 145, 240, 484, 401, 388, 287),
)
FIRST_ROUND_WITH_HOUSES = 3


def communities_of_thonburi() -> list[DemoCommunity]:
    """The 44 communities in the order of their codes: 18 of round 3, 14 of round 4, 12 of round 5."""
    named = [(name, subdistrict, 3, houses) for name, subdistrict, houses in _NAMED]
    sizes = [
        (round_no, houses)
        for round_no, group in enumerate(_SAMPLE_HOUSES, start=FIRST_ROUND_WITH_HOUSES)
        for houses in group
    ]
    samples = [
        (f"ตัวอย่าง {number}", _SAMPLE_SUBDISTRICTS[(number - 17) % 5], round_no, houses)
        for number, (round_no, houses) in enumerate(sizes, start=17)
    ]
    return [
        DemoCommunity(f"1015{number:04}", name, subdistrict, round_no, houses)
        for number, (name, subdistrict, round_no, houses) in enumerate(named + samples, start=1)
    ]


# The first road of a sub-district is the one along which its communities lie.
ROADS_OF_THONBURI = {
    "101501": ("อรุณอมรินทร์", "เทศบาลสาย 1", "ประชาธิปก"),
    "101502": ("อิสรภาพ", "ประชาธิปก"),
    "101503": ("เทอดไท", "อินทรพิทักษ์"),
    "101504": ("เจริญนคร", "มไหสวรรย์"),
    "101505": ("เทอดไท", "วุฒากาศ", "รัชดาภิเษก"),
    "101506": ("ตากสิน", "สุขสวัสดิ์"),
    "101507": ("ตากสิน", "เจริญนคร"),
}

SECOND_DISTRICT = "1099"
SUBDISTRICTS_OF_SECOND = {"109901": "ตัวอย่างเหนือ", "109902": "ตัวอย่างใต้"}
ROADS_OF_SECOND = {"109901": ("ริมคลอง", "สวนมะลิ"), "109902": ("ท่าเรือ", "ตลาดเก่า")}


def communities_of_second() -> list[DemoCommunity]:
    """Six small communities in the middle of the work."""
    return [
        DemoCommunity("10990001", "ริมคลองพัฒนา", "109901", 0, 64),
        DemoCommunity("10990002", "หลังวัดสวนมะลิ", "109901", 0, 48),
        DemoCommunity("10990003", "สวนมะลิร่วมใจสามัคคีพัฒนาเพื่อความมั่นคง", "109901", 0, 72),
        DemoCommunity("10990004", "ท่าเรือ", "109902", 0, 55),
        DemoCommunity("10990005", "ตลาดเก่า", "109902", 0, 40),
        DemoCommunity("10990006", "ปลายซอยท่าเรือ", "109902", 0, 36),
    ]
