"""What was planned, tied, aimed at, measured, checked and issued is only added to; steps are never deleted."""

from django.db import migrations

_ONLY_ADDED_TO = [
    f"reports_{table}"
    for table in (
        "dailyplanentry",
        "indicatortarget",
        "openingtime",
        "papertie",
        "reportcheck",
        "electoralroll",
        "rollhouse",
    )
]

STAY = "\n".join(
    f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
    for table in _ONLY_ADDED_TO
)
DO_NOT_STAY = "\n".join(f"DROP TRIGGER {table}_is_append_only ON {table};" for table in _ONLY_ADDED_TO)

STEPS_STAY = """
CREATE TRIGGER reports_projectstep_stays BEFORE DELETE ON reports_projectstep
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE reports_electoralroll ADD CONSTRAINT fingerprint_is_the_rolls
    CHECK (workbook_sha256 = encode(sha256(workbook), 'hex'));
"""
STEPS_DO_NOT_STAY = """
DROP TRIGGER reports_projectstep_stays ON reports_projectstep;
ALTER TABLE reports_electoralroll DROP CONSTRAINT fingerprint_is_the_rolls;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_daily_plan_ledger_targets_checks_and_rolls")]

    operations = [
        migrations.RunSQL(STAY, DO_NOT_STAY),
        migrations.RunSQL(STEPS_STAY, STEPS_DO_NOT_STAY),
    ]
