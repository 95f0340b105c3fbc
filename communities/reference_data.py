"""What every office starts with: Bangkok's districts, the city's community types, the command line's account."""

from __future__ import annotations

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.hashers import make_password

COMMAND_LINE = "command-line"

# Area codes, domain.md 3.2. The city's agency codes are another series and are known for a few districts only.
DISTRICTS = """
1001 พระนคร Phra Nakhon | 1002 ดุสิต Dusit | 1003 หนองจอก Nong Chok | 1004 บางรัก Bang Rak | 1005 บางเขน Bang Khen
1006 บางกะปิ Bang Kapi | 1007 ปทุมวัน Pathum Wan | 1008 ป้อมปราบศัตรูพ่าย Pom Prap Sattru Phai
1009 พระโขนง Phra Khanong | 1010 มีนบุรี Min Buri | 1011 ลาดกระบัง Lat Krabang | 1012 ยานนาวา Yan Nawa
1013 สัมพันธวงศ์ Samphanthawong | 1014 พญาไท Phaya Thai | 1015 ธนบุรี Thon Buri | 1016 บางกอกใหญ่ Bangkok Yai
1017 ห้วยขวาง Huai Khwang | 1018 คลองสาน Khlong San | 1019 ตลิ่งชัน Taling Chan | 1020 บางกอกน้อย Bangkok Noi
1021 บางขุนเทียน Bang Khun Thian | 1022 ภาษีเจริญ Phasi Charoen | 1023 หนองแขม Nong Khaem
1024 ราษฎร์บูรณะ Rat Burana | 1025 บางพลัด Bang Phlat | 1026 ดินแดง Din Daeng | 1027 บึงกุ่ม Bueng Kum
1028 สาทร Sathon | 1029 บางซื่อ Bang Sue | 1030 จตุจักร Chatuchak | 1031 บางคอแหลม Bang Kho Laem
1032 ประเวศ Prawet | 1033 คลองเตย Khlong Toei | 1034 สวนหลวง Suan Luang | 1035 จอมทอง Chom Thong
1036 ดอนเมือง Don Mueang | 1037 ราชเทวี Ratchathewi | 1038 ลาดพร้าว Lat Phrao | 1039 วัฒนา Watthana
1040 บางแค Bang Khae | 1041 หลักสี่ Lak Si | 1042 สายไหม Sai Mai | 1043 คันนายาว Khan Na Yao
1044 สะพานสูง Saphan Sung | 1045 วังทองหลาง Wang Thonglang | 1046 คลองสามวา Khlong Sam Wa | 1047 บางนา Bang Na
1048 ทวีวัฒนา Thawi Watthana | 1049 ทุ่งครุ Thung Khru | 1050 บางบอน Bang Bon
"""
AGENCY_CODES = {"1005": "50120000", "1015": "50160000", "1031": "50300000", "1041": "50410000"}

# Domain.md 3.1.
SUBDISTRICTS_OF_THONBURI = {
    "101501": ("วัดกัลยาณ์", "Wat Kanlaya"),
    "101502": ("หิรัญรูจี", "Hiran Ruchi"),
    "101503": ("บางยี่เรือ", "Bang Yi Ruea"),
    "101504": ("บุคคโล", "Bukkhalo"),
    "101505": ("ตลาดพลู", "Talat Phlu"),
    "101506": ("ดาวคะนอง", "Dao Khanong"),
    "101507": ("สำเหร่", "Samre"),
}

# Domain.md 5, by the Buddhist year of the city's rule.
TYPES_BY_RULE = {
    2534: ("แออัด", "ชานเมือง", "เคหะชุมชน", "หมู่บ้านจัดสรร", "เมือง"),
    2555: ("แออัด", "เมือง", "ชานเมือง", "เคหะชุมชน", "หมู่บ้านจัดสรร", "อาคารสูง"),
    2564: ("แออัด", "เมือง", "ชานเมือง", "อาคารสูง", "รูปแบบพิเศษ"),
}


def record_reference_data(apps: Apps = installed_apps, **_signal: object) -> None:
    """Adds what is missing of the reference data; existing rows stay as they are. Runs after every migrate.

    `apps` is the state that was migrated to: its tables have the columns of its own models, not of today's.
    """
    if "district" not in apps.all_models["communities"]:
        return
    district_model, subdistrict_model, type_model, person_model = (
        apps.get_model("communities", name) for name in ("District", "Subdistrict", "CommunityType", "Person")
    )
    district_model.objects.bulk_create([district_model(**columns) for columns in _districts()], ignore_conflicts=True)
    thonburi = district_model.objects.get(code="1015")
    subdistrict_model.objects.bulk_create(
        [
            subdistrict_model(district=thonburi, code=code, name_th=th, name_en=en)
            for code, (th, en) in SUBDISTRICTS_OF_THONBURI.items()
        ],
        ignore_conflicts=True,
    )
    type_model.objects.bulk_create(
        [type_model(name_th=name, rule_year_be=year) for year, names in TYPES_BY_RULE.items() for name in names],
        ignore_conflicts=True,
    )
    person_model.objects.get_or_create(
        username=COMMAND_LINE, defaults={"full_name": "บรรทัดคำสั่ง", "password": make_password(None)}
    )


def _districts() -> list[dict[str, str]]:
    entries = [entry.split(maxsplit=2) for line in DISTRICTS.strip().splitlines() for entry in line.split("|")]
    return [
        {"code": code, "name_th": name_th, "name_en": name_en.strip(), "agency_code": AGENCY_CODES.get(code, "")}
        for code, name_th, name_en in entries
    ]
