import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("communities", "0002_closed_months_and_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KpiReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="first day of the month")),
                ("round_no", models.PositiveSmallIntegerField(verbose_name="round")),
                ("letter_no", models.CharField(max_length=80, verbose_name="letter number")),
                ("letter_date", models.DateField(verbose_name="letter date")),
                ("workbook", models.BinaryField(verbose_name="workbook")),
                ("workbook_sha256", models.CharField(max_length=64, verbose_name="fingerprint of the workbook")),
                ("issued_at", models.DateTimeField(auto_now_add=True, verbose_name="issued at")),
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
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
            ],
            options={
                "verbose_name": "KPI report",
                "verbose_name_plural": "KPI reports",
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True, max_length=8, verbose_name="community code")),
                ("name", models.CharField(max_length=120, verbose_name="community")),
                ("subdistrict", models.CharField(max_length=80, verbose_name="sub-district")),
                ("expected", models.PositiveIntegerField(null=True, verbose_name="expected houses")),
                ("listed", models.PositiveIntegerField(verbose_name="houses on its lists")),
                ("this_month", models.PositiveIntegerField(verbose_name="tagged this month")),
                ("moved_in", models.PositiveIntegerField(verbose_name="moved in")),
                ("moved_out", models.PositiveIntegerField(verbose_name="moved out")),
                ("tagged", models.PositiveIntegerField(verbose_name="tagged in all")),
                ("live", models.PositiveIntegerField(verbose_name="of them in the register")),
                ("tagged_by_machine", models.PositiveIntegerField(verbose_name="of them tagged by exact rows")),
                ("is_complete", models.BooleanField(verbose_name="complete")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="community",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="reports.kpireport",
                        verbose_name="KPI report",
                    ),
                ),
            ],
            options={
                "verbose_name": "figure",
                "verbose_name_plural": "figures",
                "ordering": ["report_id", "code", "name"],
            },
        ),
        migrations.AddConstraint(
            model_name="kpireport",
            constraint=models.UniqueConstraint(
                fields=("district", "month"),
                name="month_reported_once",
                violation_error_message="The report of this month is issued already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpireport",
            constraint=models.UniqueConstraint(
                fields=("district", "round_no"),
                name="round_reported_once",
                violation_error_message="A report with this round number is issued already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpireport",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="report_month_is_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpireport",
            constraint=models.CheckConstraint(condition=models.Q(("round_no__gte", 1)), name="report_round_from_one"),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(fields=("report", "community"), name="community_once_a_report"),
        ),
    ]
