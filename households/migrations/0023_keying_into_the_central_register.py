"""What officers keyed into the central register, and what a fresh extract shows there."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0022_lanes"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_on", models.DateField(verbose_name="happened on")),
                ("counted_on", models.DateField(verbose_name="counted on")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded at"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("keyed", "keyed into the central register"), ("taken_back", "keying taken back")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "keying",
                "verbose_name_plural": "keyings",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_on", models.DateField(verbose_name="extract taken on")),
                ("file_name", models.CharField(max_length=255, verbose_name="file name")),
                ("letter", models.CharField(blank=True, max_length=200, verbose_name="letter")),
                ("agree", models.PositiveIntegerField(verbose_name="agree")),
                ("differ", models.PositiveIntegerField(verbose_name="differ")),
                ("missing", models.PositiveIntegerField(verbose_name="missing there")),
                ("untagged", models.PositiveIntegerField(verbose_name="missing here")),
                ("loaded_at", models.DateTimeField(auto_now_add=True, verbose_name="loaded at")),
            ],
            options={
                "verbose_name": "reconciliation",
                "verbose_name_plural": "reconciliations",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SeenCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_on", models.DateField(verbose_name="happened on")),
                ("counted_on", models.DateField(verbose_name="counted on")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded at"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=8, verbose_name="community code")),
                ("previous_code", models.CharField(blank=True, max_length=8, verbose_name="previous community code")),
            ],
            options={
                "verbose_name": "code seen in the central register",
                "verbose_name_plural": "codes seen in the central register",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="houseregistration",
            name="central_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=8,
                verbose_name="code in the central register",
            ),
        ),
        migrations.AddField(
            model_name="houseregistration",
            name="keyed_community",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="keyed into the central register",
            ),
        ),
        migrations.AddField(
            model_name="keyingevent",
            name="community",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="community",
            ),
        ),
        migrations.AddField(
            model_name="keyingevent",
            name="house",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="keying_events",
                to="households.houseregistration",
                verbose_name="house registration",
            ),
        ),
        migrations.AddField(
            model_name="keyingevent",
            name="previous_community",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.community",
                verbose_name="previous community",
            ),
        ),
        migrations.AddField(
            model_name="keyingevent",
            name="recorded_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="district",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.district",
                verbose_name="district",
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="loaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="loaded by",
            ),
        ),
        migrations.AddField(
            model_name="seencode",
            name="house",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seen_codes",
                to="households.houseregistration",
                verbose_name="house registration",
            ),
        ),
        migrations.AddField(
            model_name="seencode",
            name="reconciliation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seen_codes",
                to="households.reconciliation",
                verbose_name="reconciliation",
            ),
        ),
        migrations.AddIndex(
            model_name="keyingevent",
            index=models.Index(fields=["house", "counted_on", "id"], name="keyings_of_house"),
        ),
        migrations.AddIndex(
            model_name="keyingevent",
            index=models.Index(fields=["recorded_by", "recorded_at"], name="keyings_of_person"),
        ),
        migrations.AddConstraint(
            model_name="keyingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("community__isnull", True), ("previous_community__isnull", False)),
                    models.Q(("community__isnull", False), ("previous_community__isnull", True)),
                    models.Q(("community", models.F("previous_community")), _negated=True),
                    _connector="OR",
                ),
                name="keying_changes_something",
                violation_error_message="Keying changes the code in the central register.",
            ),
        ),
        migrations.AddIndex(
            model_name="seencode",
            index=models.Index(fields=["house", "counted_on", "id"], name="seen_codes_of_house"),
        ),
        migrations.AddConstraint(
            model_name="seencode",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", models.F("previous_code")), _negated=True),
                name="seen_code_is_another",
                violation_error_message="A code seen again is no news.",
            ),
        ),
    ]
