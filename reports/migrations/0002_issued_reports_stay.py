"""Reports and their figures are appended only, and a figure only while its month is open."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

ANY_CHANGE_AGAIN = """
DROP TRIGGER {table}_is_never_emptied ON {table};
DROP TRIGGER {table}_is_append_only ON {table};
"""

FINGERPRINT = """
ALTER TABLE reports_kpireport ADD CONSTRAINT fingerprint_is_the_workbooks
    CHECK (workbook_sha256 = encode(sha256(workbook), 'hex'));
"""

# Issuing writes the figures first and closes the month last, in one transaction.
FIGURES_BEFORE_CLOSING = """
CREATE FUNCTION figure_joins_no_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM new_figures f
        JOIN reports_kpireport r ON r.id = f.report_id
        JOIN communities_closedmonth m ON m.district_id = r.district_id AND m.month = r.month
    ) THEN
        RAISE EXCEPTION 'the report that a figure would join is issued'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER figure_joins_no_closed_month AFTER INSERT ON reports_figure
    REFERENCING NEW TABLE AS new_figures
    FOR EACH STATEMENT EXECUTE FUNCTION figure_joins_no_closed_month();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("communities", "0002_closed_months_and_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY.format(table="reports_kpireport"), ANY_CHANGE_AGAIN.format(table="reports_kpireport")
        ),
        migrations.RunSQL(APPEND_ONLY.format(table="reports_figure"), ANY_CHANGE_AGAIN.format(table="reports_figure")),
        migrations.RunSQL(FINGERPRINT, "ALTER TABLE reports_kpireport DROP CONSTRAINT fingerprint_is_the_workbooks"),
        migrations.RunSQL(
            FIGURES_BEFORE_CLOSING,
            "DROP TRIGGER figure_joins_no_closed_month ON reports_figure;DROP FUNCTION figure_joins_no_closed_month()",
        ),
    ]
