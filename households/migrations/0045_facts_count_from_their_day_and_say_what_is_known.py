"""No fact counts before its day, none is of a kind nobody knows, and an order has a number, an ending a reason."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_places_tell_when_they_change"),
        ("households", "0044_records_of_the_desk_stay_as_they_were_made"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_reason", "")),
                    models.Q(("ended_at__isnull", False), ("ended_reason__regex", "\\S")),
                    _connector="OR",
                ),
                name="assignment_ends_with_a_reason",
                violation_error_message="Say why it ends.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("order_number__regex", "\\S")),
                name="assignment_names_its_order",
                violation_error_message="Work is shared out by an order: write its number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deskcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))), name="desk_check_counts_from_its_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="keyingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["keyed", "taken_back"])), name="keying_is_of_a_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="keyingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))), name="keying_counts_from_its_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="lifeevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))), name="life_event_counts_from_its_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="liststep",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))), name="list_step_counts_from_its_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="rowdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))),
                name="row_decision_counts_from_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="seencode",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))), name="seen_code_counts_from_its_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="tagevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outside__in", ["", "no_community_here", "private_estate", "not_a_dwelling", "other"])
                ),
                name="tag_event_gives_a_known_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="tagevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_on__gte", models.F("happened_on"))), name="tag_event_counts_from_its_day"
            ),
        ),
    ]
