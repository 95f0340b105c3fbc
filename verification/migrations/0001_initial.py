"""Rounds of review, verdicts and answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("communities", "0009_who_saw_what_is_only_added"),
        ("households", "0046_tags_keep_to_their_batch_and_searches_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PledgeText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(unique=True, verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "wording of the pledge",
                "verbose_name_plural": "wordings of the pledge",
                "ordering": ["version"],
            },
        ),
        migrations.CreateModel(
            name="CommunityReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(verbose_name="running number of the letter")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "under review"),
                            ("signed", "signed off"),
                            ("lapsed", "closed without a signature"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("signed_name", models.CharField(blank=True, max_length=150, verbose_name="name as signed")),
                ("right", models.PositiveIntegerField(blank=True, null=True, verbose_name="right")),
                ("doubtful", models.PositiveIntegerField(blank=True, null=True, verbose_name="doubtful")),
                ("added", models.PositiveIntegerField(blank=True, null=True, verbose_name="added")),
                ("undecided", models.PositiveIntegerField(blank=True, null=True, verbose_name="undecided")),
                (
                    "certificate",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=24,
                        null=True,
                        unique=True,
                        verbose_name="code of the certificate",
                    ),
                ),
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
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a community",
                "verbose_name_plural": "reviews of communities",
                "ordering": ["round", "place"],
            },
        ),
        migrations.CreateModel(
            name="ListedHouse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField(verbose_name="number on the list")),
                (
                    "house",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.houseregistration",
                        verbose_name="house registration",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="houses",
                        to="verification.communityreview",
                        verbose_name="review",
                    ),
                ),
            ],
            options={
                "verbose_name": "house on a list",
                "verbose_name_plural": "houses on lists",
                "ordering": ["review", "place"],
            },
        ),
        migrations.CreateModel(
            name="RecheckSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("drawn_at", models.DateTimeField(auto_now_add=True, verbose_name="drawn at")),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drawn by",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="verification.communityreview",
                        verbose_name="review",
                    ),
                ),
            ],
            options={
                "verbose_name": "sample to check again",
                "verbose_name_plural": "samples to check again",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReviewRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number in the year")),
                ("year_be", models.PositiveSmallIntegerField(verbose_name="Buddhist year")),
                (
                    "announcement_number",
                    models.CharField(blank=True, max_length=60, verbose_name="number of the announcement"),
                ),
                ("announcement_date", models.DateField(verbose_name="date of the announcement")),
                ("letter_number", models.CharField(max_length=60, verbose_name="number of the letter")),
                ("letter_date", models.DateField(verbose_name="date of the letter")),
                ("deadline", models.DateField(verbose_name="deadline")),
                ("appeal_days", models.PositiveSmallIntegerField(default=15, verbose_name="days for an appeal")),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
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
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
            ],
            options={
                "verbose_name": "round of review",
                "verbose_name_plural": "rounds of review",
                "ordering": ["-year_be", "-number"],
            },
        ),
        migrations.AddField(
            model_name="communityreview",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="verification.reviewround",
                verbose_name="round of review",
            ),
        ),
        migrations.CreateModel(
            name="RoundExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("previous_deadline", models.DateField(verbose_name="deadline before")),
                ("deadline", models.DateField(verbose_name="new deadline")),
                ("letter_number", models.CharField(blank=True, max_length=60, verbose_name="number of the letter")),
                ("letter_date", models.DateField(blank=True, null=True, verbose_name="date of the letter")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="verification.reviewround",
                        verbose_name="round of review",
                    ),
                ),
            ],
            options={
                "verbose_name": "extension of a round",
                "verbose_name_plural": "extensions of rounds",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, unique=True, verbose_name="key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("right", "right"),
                            ("demolished", "demolished"),
                            ("wrong_number", "wrong number"),
                            ("not_ours", "not in my community"),
                            ("unknown", "do not know"),
                            ("missing", "missing from the list"),
                            ("taken_back", "taken back"),
                        ],
                        max_length=20,
                        verbose_name="verdict",
                    ),
                ),
                ("house_no", models.CharField(blank=True, max_length=40, verbose_name="house number")),
                ("lane", models.CharField(blank=True, max_length=120, verbose_name="soi, trok or road")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("phone", "on the phone"),
                            ("rest", "together with the rest of the soi"),
                            ("paper", "on paper"),
                        ],
                        max_length=10,
                        verbose_name="how it was said",
                    ),
                ),
                (
                    "given_as",
                    models.CharField(
                        choices=[("president", "community president"), ("delegate", "president's delegate")],
                        max_length=30,
                        verbose_name="given as",
                    ),
                ),
                ("said_at", models.DateTimeField(blank=True, null=True, verbose_name="said at, by the phone's clock")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
                ("late", models.BooleanField(default=False, verbose_name="came after the end")),
                ("moved", models.BooleanField(default=False, verbose_name="house was in another community by then")),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "keyed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written down by",
                    ),
                ),
                (
                    "listed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="verification.listedhouse",
                        verbose_name="house on the list",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="verification.communityreview",
                        verbose_name="review",
                    ),
                ),
                (
                    "takes_back",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back_by",
                        to="verification.verdict",
                        verbose_name="takes back",
                    ),
                ),
            ],
            options={
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="listedhouse",
            name="verdict",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="verification.verdict",
                verbose_name="verdict that stands",
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.PositiveSmallIntegerField(default=1, verbose_name="turn")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("case", "to be verified on the spot"),
                        ],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("visited_on", models.DateField(blank=True, null=True, verbose_name="visited on")),
                ("answered_at", models.DateTimeField(auto_now_add=True, verbose_name="answered at")),
                ("appeal_until", models.DateField(verbose_name="appeal until")),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="verification.verdict",
                        verbose_name="verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="VerdictPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, unique=True, verbose_name="key")),
                ("file", models.FileField(editable=False, upload_to="verdict_photos/", verbose_name="file")),
                (
                    "thumbnail",
                    models.FileField(editable=False, upload_to="verdict_photos/", verbose_name="small picture"),
                ),
                (
                    "fingerprint",
                    models.CharField(editable=False, max_length=64, verbose_name="fingerprint of the sent file"),
                ),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                (
                    "taken_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="taken at, by the camera's clock"),
                ),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="longitude")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="verification.verdict",
                        verbose_name="verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo of a verdict",
                "verbose_name_plural": "photos of verdicts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AnswerWitness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="witnesses",
                        to="verification.answer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="witness",
                    ),
                ),
            ],
            options={
                "verbose_name": "witness",
                "verbose_name_plural": "witnesses",
                "constraints": [models.UniqueConstraint(fields=("answer", "person"), name="witness_once_an_answer")],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="verification.answer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")),
                        name="appeal_says_why",
                        violation_error_message="Say why you do not agree.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DelegateNaming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full_name", models.CharField(max_length=150, verbose_name="full name")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("named_at", models.DateTimeField(auto_now_add=True, verbose_name="named at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("refused_reason", models.CharField(blank=True, max_length=300, verbose_name="reason of the refusal")),
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="named by",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.appointment",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "verbose_name": "naming of a delegate",
                "verbose_name_plural": "namings of delegates",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("community",),
                        name="one_delegate_is_named_at_a_time",
                        violation_error_message="A delegate has been named; the district office has not answered yet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("full_name__regex", "\\S")),
                        name="delegate_has_a_name",
                        violation_error_message="Type the delegate's full name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("post", None), ("refused_reason", "")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(
                                    models.Q(("post__isnull", False), ("refused_reason", "")),
                                    models.Q(("post", None), ("refused_reason__regex", "\\S")),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="naming_is_accepted_or_refused_with_a_reason",
                        violation_error_message="Say why the delegate is refused.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pledged_at", models.DateTimeField(auto_now_add=True, verbose_name="pledged at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="verification.communityreview",
                        verbose_name="review",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="verification.pledgetext",
                        verbose_name="wording",
                    ),
                ),
            ],
            options={
                "verbose_name": "pledge",
                "verbose_name_plural": "pledges",
                "constraints": [models.UniqueConstraint(fields=("review", "person"), name="pledged_once_a_review")],
            },
        ),
        migrations.CreateModel(
            name="RecheckedHouse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        blank=True,
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
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked at")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "listed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="verification.listedhouse",
                        verbose_name="house on the list",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="houses",
                        to="verification.rechecksample",
                        verbose_name="sample",
                    ),
                ),
            ],
            options={
                "verbose_name": "house checked again",
                "verbose_name_plural": "houses checked again",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "listed"), name="house_once_a_sample"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at", None), ("checked_by", None), ("result", "")),
                            models.Q(
                                models.Q(("result", ""), _negated=True),
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recheck_by_and_at_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("paper", "on paper"), ("email", "by e-mail")], max_length=10, verbose_name="way"
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=254, verbose_name="sent to")),
                ("text", models.TextField(verbose_name="text")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="why it was not sent")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="verification.communityreview",
                        verbose_name="review",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), ("way", "paper")),
                            models.Q(("address__contains", "@"), ("way", "email")),
                            _connector="OR",
                        ),
                        name="reminder_by_email_has_an_address",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="reviewround",
            constraint=models.UniqueConstraint(
                fields=("district", "year_be", "number"),
                name="round_number_once_a_year",
                violation_error_message="There is a round of that number in that year already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline__gte", models.F("letter_date"))),
                name="round_ends_after_its_letter",
                violation_error_message="The deadline must not lie before the letter's date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(("letter_number__regex", "\\S")),
                name="round_names_its_letter",
                violation_error_message="A round needs the number of its letter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(("appeal_days__gte", 1), ("appeal_days__lte", 365)),
                name="round_leaves_time_to_appeal",
                violation_error_message="Leave between 1 and 365 days for an appeal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="round_closed_by_and_at_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="communityreview",
            constraint=models.UniqueConstraint(fields=("round", "community"), name="community_once_a_round"),
        ),
        migrations.AddConstraint(
            model_name="communityreview",
            constraint=models.UniqueConstraint(fields=("round", "place"), name="letter_number_once_a_round"),
        ),
        migrations.AddConstraint(
            model_name="communityreview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("community",),
                name="community_is_under_one_review",
                violation_error_message="The community is under review in another round.",
            ),
        ),
        migrations.AddConstraint(
            model_name="communityreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_ended_by_and_at_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="communityreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("state", "signed"), _negated=True), ("certificate", None), ("signed_name", "")),
                    models.Q(
                        ("added__isnull", False),
                        ("certificate__isnull", False),
                        ("doubtful__isnull", False),
                        ("right__isnull", False),
                        ("signed_name__regex", "\\S"),
                        ("state", "signed"),
                        ("undecided__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_is_signed_whole",
                violation_error_message="Type your name to sign.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundextension",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline__gt", models.F("previous_deadline"))),
                name="extension_puts_the_deadline_off",
                violation_error_message="The new deadline must lie after the present one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundextension",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")),
                name="extension_says_why",
                violation_error_message="Say why the deadline is put off.",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["review", "kind"], name="verdicts_of_review"),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("house_no__regex", "\\S"), ("kind", "missing"), ("listed", None)),
                    ("kind", "taken_back"),
                    models.Q(
                        models.Q(("kind__in", ["missing", "taken_back"]), _negated=True), ("listed__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="verdict_is_of_a_house",
                violation_error_message="Type the number of the missing house.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "taken_back"), ("takes_back__isnull", False)),
                    models.Q(models.Q(("kind", "taken_back"), _negated=True), ("takes_back", None)),
                    _connector="OR",
                ),
                name="verdict_takes_back_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", "paper"), ("keyed_by", models.F("given_by")), _connector="OR"),
                name="verdict_on_a_phone_is_keyed_by_its_giver",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("source", "rest"), _negated=True), ("kind", "right"), _connector="OR"),
                name="the_rest_of_a_soi_is_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="listedhouse",
            constraint=models.UniqueConstraint(fields=("review", "house"), name="house_once_a_list"),
        ),
        migrations.AddConstraint(
            model_name="listedhouse",
            constraint=models.UniqueConstraint(fields=("review", "place"), name="place_once_a_list"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("verdict", "turn"),
                name="verdict_is_answered_once_a_turn",
                violation_error_message="Somebody else has answered this meanwhile.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("turn__in", [1, 2])), name="answer_is_the_first_or_after_an_appeal"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "refused"), _negated=True), ("reason__regex", "\\S"), _connector="OR"
                ),
                name="refusal_says_why",
                violation_error_message="Say why it is refused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdictphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="photo_place_is_whole",
            ),
        ),
    ]
