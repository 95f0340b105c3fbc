import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0013_rows_of_several_houses_and_hints"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("trok", "trok"), ("soi", "soi"), ("road", "road")],
                        max_length=10,
                        verbose_name="part of the address",
                    ),
                ),
                ("written", models.CharField(db_collation="C", max_length=200, verbose_name="as lists write it")),
                ("meant", models.CharField(db_collation="C", max_length=200, verbose_name="as the register has it")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("decisions", "decisions on rows"),
                            ("official", "official and short name of one road"),
                        ],
                        max_length=20,
                        verbose_name="ground",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(auto_now_add=True, verbose_name="confirmed at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="reason of withdrawal")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.district",
                        verbose_name="district",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.sender",
                        verbose_name="sender",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
                "ordering": ["part", "written"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("district", "part", "written", "meant", "sender"),
                        name="alias_in_use_once",
                        nulls_distinct=False,
                        violation_error_message="This name is in use already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="alias_withdrawn_by_and_at_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("written", models.F("meant")), _negated=True),
                            models.Q(("written", ""), _negated=True),
                            models.Q(("meant", ""), _negated=True),
                        ),
                        name="alias_says_something",
                        violation_error_message="An alias joins two different names.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="houselist",
            name="alias_changes",
            field=models.PositiveIntegerField(default=0, verbose_name="changes of aliases when last graded"),
        ),
    ]
