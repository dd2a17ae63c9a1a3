import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
        ("service", "0003_feed_carried"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("channel", models.CharField(choices=[("mail", "Mail"), ("link", "Link")], max_length=5)),
                ("language", models.CharField(default="zh", max_length=2)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("csat", models.PositiveIntegerField(blank=True, null=True)),
                ("nps", models.PositiveIntegerField(blank=True, null=True)),
                ("ces", models.PositiveIntegerField(blank=True, null=True)),
                ("solved", models.BooleanField(blank=True, null=True)),
                ("comment", models.TextField(blank=True)),
                ("source_ip", models.CharField(blank=True, max_length=45)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="surveys", to="service.case"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="service.customer",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=["due_at"],
                        name="survey_to_send",
                    ),
                    models.Index(fields=["customer", "-id"], name="survey_of_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("csat__isnull", True), ("csat__range", (1, 5)), _connector="OR"),
                        name="csat_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nps__isnull", True), ("nps__lte", 10), _connector="OR"), name="nps_0_to_10"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ces__isnull", True), ("ces__range", (1, 7)), _connector="OR"),
                        name="ces_1_to_7",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("text", models.TextField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("internal", "Internal"),
                            ("platform", "Platform"),
                            ("12315", "Hotline"),
                            ("media", "Media"),
                        ],
                        default="internal",
                        max_length=10,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")], default="medium", max_length=6
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("acknowledge_due_at", models.DateTimeField()),
                ("closing_due_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed", models.BooleanField(blank=True, null=True)),
                (
                    "validity",
                    models.CharField(
                        choices=[("pending", "Pending"), ("valid", "Valid"), ("invalid", "Invalid")],
                        default="pending",
                        max_length=7,
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decider_name", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="service.case",
                    ),
                ),
                (
                    "cause_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
                (
                    "cause_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.team",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="service.customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="org.person",
                    ),
                ),
                (
                    "repeat_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="service.complaint",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.team",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="service.survey",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=["closing_due_at"],
                        name="complaint_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("validity", "valid"),
                            models.Q(("cause_person__isnull", True), ("cause_team__isnull", True)),
                            _connector="OR",
                        ),
                        name="only_valid_has_a_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("validity", "pending"),
                            models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repeat_of__isnull", True),
                            models.Q(("repeat_of", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="complaint_not_its_own_repeat",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="service.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ("complaint", "id"),
            },
        ),
        migrations.CreateModel(
            name="Rubric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("version", models.PositiveIntegerField()),
                ("criteria", models.JSONField()),
                ("pass_mark", models.DecimalField(decimal_places=2, default=85, max_digits=5)),
                ("active", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ("key", "-version"),
                "constraints": [models.UniqueConstraint(fields=("key", "version"), name="rubric_version_once")],
            },
        ),
        migrations.CreateModel(
            name="SurveyPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("active", models.BooleanField(default=True)),
                ("delay_minutes", models.PositiveIntegerField(default=0)),
                ("cap_days", models.PositiveIntegerField(default=7)),
                ("remind_days", models.PositiveIntegerField(default=2)),
                ("open_days", models.PositiveIntegerField(default=7)),
                ("ask_nps", models.BooleanField(default=True)),
                ("ask_ces", models.BooleanField(default=False)),
                ("ask_solved", models.BooleanField(default=True)),
                ("english", models.BooleanField(default=False)),
                ("low_mark", models.PositiveIntegerField(default=2)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("low_mark__lte", 5)), name="low_mark_is_a_mark")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(max_length=7)),
                ("seed", models.CharField(max_length=64)),
                ("among", models.JSONField()),
                ("drawn", models.JSONField()),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.person"),
                ),
            ],
            options={
                "ordering": ("-month", "person"),
                "constraints": [models.UniqueConstraint(fields=("month", "person"), name="drawn_once")],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("checker_name", models.CharField(max_length=200)),
                ("sampling", models.CharField(choices=[("random", "Random"), ("targeted", "Targeted")], max_length=8)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("checked_at", models.DateTimeField()),
                ("marks", models.JSONField()),
                ("score", models.DecimalField(decimal_places=2, max_digits=5)),
                ("critical", models.CharField(blank=True, max_length=10)),
                ("passed", models.BooleanField()),
                ("comment", models.TextField(blank=True)),
                (
                    "again",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated",
                        to="service.check",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="service.case"
                    ),
                ),
                (
                    "checker",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="org.person"
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="service.rubric"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__range", (0, 100))), name="score_0_to_100"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checker__isnull", True),
                            models.Q(("checker", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_checks_self",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sampling", "random"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="targeted_with_reason",
                    ),
                ],
            },
        ),
    ]
