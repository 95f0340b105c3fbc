"""A house may be said to be in no community, with the reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_months_before_a_closed_one_are_closed"),
        ("households", "0020_a_file_may_be_read_anew"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="tagevent",
            name="tag_event_changes_something",
        ),
        migrations.AddField(
            model_name="houseregistration",
            name="outside",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_community_here", "the city has announced no community here"),
                    ("private_estate", "private estate or condominium that joined none"),
                    ("not_a_dwelling", "not a dwelling: office, temple, school, factory"),
                    ("other", "other reason, in the note"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=20,
                verbose_name="in no community",
            ),
        ),
        migrations.AddField(
            model_name="tagevent",
            name="outside",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_community_here", "the city has announced no community here"),
                    ("private_estate", "private estate or condominium that joined none"),
                    ("not_a_dwelling", "not a dwelling: office, temple, school, factory"),
                    ("other", "other reason, in the note"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="in no community",
            ),
        ),
        migrations.AddField(
            model_name="tagevent",
            name="previous_outside",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_community_here", "the city has announced no community here"),
                    ("private_estate", "private estate or condominium that joined none"),
                    ("not_a_dwelling", "not a dwelling: office, temple, school, factory"),
                    ("other", "other reason, in the note"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="in no community before",
            ),
        ),
        migrations.AlterField(
            model_name="taggingbatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("list_exact", "exact rows of a list"),
                    ("likely_confirmed", "likely rows confirmed"),
                    ("row_decided", "row decided by a person"),
                    ("claim_decided", "claim decided"),
                    ("by_hand", "houses chosen by hand"),
                    ("house_by_house", "house by house along a lane"),
                    ("in_no_community", "houses in no community"),
                    ("withdrawn", "codes withdrawn"),
                    ("undone", "batch undone"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="houseregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("outside", ""), ("community__isnull", True), _connector="OR"),
                name="house_in_a_community_or_in_none",
                violation_error_message="A house is in a community or in none, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tagevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("community__isnull", True), ("previous_community__isnull", False)),
                    models.Q(("community__isnull", False), ("previous_community__isnull", True)),
                    models.Q(
                        ("community__isnull", False),
                        ("previous_community__isnull", False),
                        models.Q(("community", models.F("previous_community")), _negated=True),
                    ),
                    models.Q(("outside", models.F("previous_outside")), _negated=True),
                    _connector="OR",
                ),
                name="tag_event_changes_something",
                violation_error_message="A tag event changes the community.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tagevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("outside", ""), ("community__isnull", True), _connector="OR"),
                name="tag_event_in_a_community_or_in_none",
                violation_error_message="A house is in a community or in none, not both.",
            ),
        ),
    ]
