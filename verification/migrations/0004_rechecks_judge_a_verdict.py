"""A house is drawn with the verdict that stood then, and each check of it is a row of its own.

The president may change a verdict until the signature, and an officer may have pressed the wrong key. Nothing wrote the
table before; it gives way to two.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHECKED_BY_UPDATE = """
CREATE TRIGGER verification_recheckedhouse_stays BEFORE DELETE ON verification_recheckedhouse
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER house_is_rechecked_once BEFORE UPDATE ON verification_recheckedhouse
    FOR EACH ROW WHEN (OLD.result <> '') EXECUTE FUNCTION refuse_change();

CREATE FUNCTION another_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM verification_rechecksample sample
        WHERE sample.id = NEW.sample_id AND (
            sample.drawn_by_id = NEW.checked_by_id
            OR EXISTS (
                SELECT FROM verification_verdict verdict
                WHERE verdict.review_id = sample.review_id AND NEW.checked_by_id IN (verdict.given_by_id, verdict.keyed_by_id)
            )
        )
    ) THEN
        RAISE EXCEPTION 'a sample is checked by somebody who neither drew it nor gave or keyed in its verdicts'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER another_checks BEFORE UPDATE ON verification_recheckedhouse
    FOR EACH ROW WHEN (NEW.checked_by_id IS NOT NULL) EXECUTE FUNCTION another_checks();
"""
NOT_CHECKED_BY_UPDATE = """
DROP TRIGGER another_checks ON verification_recheckedhouse;
DROP FUNCTION another_checks();
DROP TRIGGER house_is_rechecked_once ON verification_recheckedhouse;
DROP TRIGGER verification_recheckedhouse_stays ON verification_recheckedhouse;
"""

_ONLY_ADDED_TO = ["verification_rechecksample", "verification_drawnhouse", "verification_recheck"]
ONLY_ADDED_TO = "DROP TRIGGER verification_rechecksample_stays ON verification_rechecksample;" + "\n".join(
    f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
    for table in _ONLY_ADDED_TO
)
NOT_ONLY_ADDED_TO = """
CREATE TRIGGER verification_rechecksample_stays BEFORE DELETE ON verification_rechecksample
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
""" + "\n".join(f"DROP TRIGGER {table}_is_append_only ON {table};" for table in _ONLY_ADDED_TO)

ANOTHER_CHECKS = """
CREATE FUNCTION drawn_from_its_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT review_id FROM verification_verdict WHERE id = NEW.verdict_id)
        <> (SELECT review_id FROM verification_rechecksample WHERE id = NEW.sample_id)
    THEN
        RAISE EXCEPTION 'a sample is drawn from the verdicts of its review'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawn_from_its_review BEFORE INSERT ON verification_drawnhouse
    FOR EACH ROW EXECUTE FUNCTION drawn_from_its_review();

CREATE FUNCTION may_check(in_sample bigint, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM verification_rechecksample sample
        WHERE sample.id = in_sample AND (
            sample.drawn_by_id = who
            OR EXISTS (
                SELECT FROM verification_verdict verdict
                WHERE verdict.review_id = sample.review_id AND who IN (verdict.given_by_id, verdict.keyed_by_id)
            )
        )
    )
$$;
CREATE FUNCTION another_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT may_check((SELECT sample_id FROM verification_drawnhouse WHERE id = NEW.drawn_id), NEW.checked_by_id) THEN
        RAISE EXCEPTION 'a sample is checked by somebody who neither drew it nor gave or keyed in its verdicts'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER another_checks BEFORE INSERT ON verification_recheck
    FOR EACH ROW EXECUTE FUNCTION another_checks();
"""
ANYBODY_CHECKS = """
DROP TRIGGER another_checks ON verification_recheck;
DROP FUNCTION another_checks();
DROP FUNCTION may_check(bigint, bigint);
DROP TRIGGER drawn_from_its_review ON verification_drawnhouse;
DROP FUNCTION drawn_from_its_review();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("verification", "0003_first_wording_of_the_pledge"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(NOT_CHECKED_BY_UPDATE, CHECKED_BY_UPDATE),
        migrations.CreateModel(
            name="DrawnHouse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "house drawn to be checked again",
                "verbose_name_plural": "houses drawn to be checked again",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("agrees", "the verdict is right"),
                            ("differs", "the verdict is wrong"),
                            ("unclear", "could not be told"),
                        ],
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("checked_at", models.DateTimeField(auto_now_add=True, verbose_name="checked at")),
            ],
            options={
                "verbose_name": "check of a drawn house",
                "verbose_name_plural": "checks of drawn houses",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="rechecksample",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")),
                name="sample_says_why",
                violation_error_message="Say why houses are checked again.",
            ),
        ),
        migrations.AddField(
            model_name="drawnhouse",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="houses",
                to="verification.rechecksample",
                verbose_name="sample",
            ),
        ),
        migrations.AddField(
            model_name="drawnhouse",
            name="verdict",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="verification.verdict",
                verbose_name="verdict",
            ),
        ),
        migrations.AddField(
            model_name="recheck",
            name="checked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="checked by",
            ),
        ),
        migrations.AddField(
            model_name="recheck",
            name="drawn",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rechecks",
                to="verification.drawnhouse",
                verbose_name="drawn house",
            ),
        ),
        migrations.DeleteModel(
            name="RecheckedHouse",
        ),
        migrations.AddConstraint(
            model_name="drawnhouse",
            constraint=models.UniqueConstraint(fields=("sample", "verdict"), name="house_once_a_sample"),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "differs"), _negated=True), ("note__regex", "\\S"), _connector="OR"
                ),
                name="recheck_says_what_differs",
                violation_error_message="Say what is different there.",
            ),
        ),
        migrations.RunSQL(ONLY_ADDED_TO, NOT_ONLY_ADDED_TO),
        migrations.RunSQL(ANOTHER_CHECKS, ANYBODY_CHECKS),
    ]
