import datetime
import django.db.models.deletion
import secrets
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("org", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseNumbers",
            fields=[
                ("month", models.CharField(max_length=4, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dataset", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                ("zh", models.CharField(max_length=120)),
                ("en", models.CharField(max_length=120)),
                ("case_type", models.CharField(blank=True, max_length=80)),
                ("standard_minutes", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("difficulty", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("active", models.BooleanField(default=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="service.category",
                    ),
                ),
            ],
            options={
                "ordering": ("key",),
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("plain", models.CharField(blank=True, editable=False, max_length=400)),
                ("initials", models.CharField(blank=True, editable=False, max_length=60)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("phone_digits", models.CharField(blank=True, editable=False, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("address", models.CharField(blank=True, max_length=400)),
                ("city", models.CharField(blank=True, max_length=80)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("segment", models.CharField(blank=True, max_length=80)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["phone_digits"], name="customer_phone"),
                    models.Index(fields=["plain"], name="customer_plain"),
                    models.Index(fields=["initials"], name="customer_initials"),
                    models.Index(fields=["name"], name="customer_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("warranty_months", models.PositiveIntegerField(blank=True, null=True)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="products",
                        to="service.category",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=80, unique=True)),
                ("sold_on", models.DateField(blank=True, null=True)),
                ("installed_on", models.DateField(blank=True, null=True)),
                ("warranty_start", models.DateField(blank=True, null=True)),
                ("warranty_end", models.DateField(blank=True, null=True)),
                ("token", models.CharField(default=secrets.token_urlsafe, editable=False, max_length=50, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="service.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="service.product",
                    ),
                ),
            ],
            options={
                "ordering": ("serial",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("warranty_end__isnull", True),
                            ("warranty_start__isnull", True),
                            ("warranty_end__gte", models.F("warranty_start")),
                            _connector="OR",
                        ),
                        name="warranty_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FaultCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80, unique=True)),
                ("group", models.CharField(blank=True, max_length=120)),
                ("zh", models.CharField(max_length=200)),
                ("en", models.CharField(max_length=200)),
                ("root_causes", models.JSONField(blank=True, default=list)),
                ("active", models.BooleanField(default=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="faults",
                        to="service.category",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("token", models.CharField(default=secrets.token_urlsafe, editable=False, max_length=50, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                ("channel", models.CharField(blank=True, max_length=80)),
                ("case_type", models.CharField(blank=True, max_length=80)),
                ("priority", models.CharField(blank=True, max_length=80)),
                ("difficulty", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("contact_name", models.CharField(blank=True, max_length=200)),
                ("contact_phone", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=400)),
                ("is_test", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("assigned", "assigned"),
                            ("accepted", "accepted"),
                            ("pending", "pending"),
                            ("resolved", "resolved"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                            ("merged", "merged"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("pause", models.CharField(blank=True, max_length=12)),
                ("on_visit", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("assigned_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("reopened", models.PositiveIntegerField(default=0)),
                ("events_seen", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                ("resolution_code", models.CharField(blank=True, max_length=80)),
                ("root_cause", models.CharField(blank=True, max_length=80)),
                ("policy", models.CharField(blank=True, max_length=80)),
                ("response_due_at", models.DateTimeField(blank=True, null=True)),
                ("resolution_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "next_due_at",
                    models.DateTimeField(default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.timezone.utc)),
                ),
                (
                    "warn_at",
                    models.DateTimeField(default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.timezone.utc)),
                ),
                ("assigned_why", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="service.case",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="org.person",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="org.team",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="service.category",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="service.customer",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="service.device",
                    ),
                ),
                (
                    "fault_code",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="service.faultcode",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="service.product",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["state", "-id"], name="case_by_state"),
                    models.Index(fields=["team", "state", "-id"], name="case_by_team"),
                    models.Index(fields=["owner", "state", "-id"], name="case_by_owner"),
                    models.Index(
                        condition=models.Q(("state__in", ("new", "assigned", "accepted", "pending"))),
                        fields=["next_due_at", "id"],
                        name="case_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("new", "assigned", "accepted", "pending"))),
                        fields=["warn_at"],
                        name="case_to_warn",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("new", "assigned", "accepted", "pending", "resolved", "closed", "cancelled", "merged"),
                            )
                        ),
                        name="case_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pause", ""), ("pause__in", ("customer", "parts", "third_party")), _connector="OR"
                        ),
                        name="case_pause_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duplicate_of__isnull", True),
                            models.Q(("duplicate_of", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="case_not_its_own_duplicate",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("channel", "Channel"),
                            ("case_type", "Case Type"),
                            ("priority", "Priority"),
                            ("resolution_code", "Resolution Code"),
                            ("root_cause", "Root Cause"),
                            ("region", "Region"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("zh", models.CharField(max_length=120)),
                ("en", models.CharField(max_length=120)),
                ("rank", models.PositiveIntegerField(default=100)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ("kind", "rank", "key"),
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="choice_named_once")],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("author_name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("public", models.BooleanField(default=False)),
                (
                    "author",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="service.case"
                    ),
                ),
                ("mentions", models.ManyToManyField(blank=True, related_name="+", to="org.person")),
            ],
            options={
                "ordering": ("case", "at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=300, unique=True)),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("content_type", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("public", models.BooleanField(default=False)),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="service.case"
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to="service.comment",
                    ),
                ),
            ],
            options={
                "ordering": ("case", "id"),
            },
        ),
        migrations.CreateModel(
            name="AssignmentRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField(default=100)),
                ("name", models.CharField(max_length=120)),
                ("case_type", models.CharField(blank=True, max_length=80)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("priority", models.CharField(blank=True, max_length=80)),
                ("pick", models.BooleanField(default=True)),
                ("skill", models.CharField(blank=True, max_length=80)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "team",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.team"),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="service.category",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="service.product",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="org.person"
                    ),
                ),
            ],
            options={
                "ordering": ("person", "name"),
                "constraints": [models.UniqueConstraint(fields=("person", "name"), name="skill_once")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="org.person",
                    ),
                ),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="service.case"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
            ],
            options={
                "ordering": ("case", "id"),
            },
        ),
        migrations.CreateModel(
            name="Away",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="org.person"),
                ),
            ],
            options={
                "ordering": ("day", "person"),
                "constraints": [models.UniqueConstraint(fields=("person", "day"), name="away_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("type", models.CharField(max_length=20)),
                ("activity", models.CharField(blank=True, max_length=80)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("wrong", models.BooleanField(default=False)),
                ("self_picked", models.BooleanField(default=False)),
                ("template", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=20)),
                (
                    "actor",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="service.case"
                    ),
                ),
                (
                    "from_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.team",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.team",
                    ),
                ),
            ],
            options={
                "ordering": ("case", "seq"),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "seq"), name="event_in_its_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                (
                                    "created",
                                    "assigned",
                                    "accepted",
                                    "responded",
                                    "contacted",
                                    "transferred",
                                    "escalated",
                                    "pend_start",
                                    "pend_end",
                                    "visit_start",
                                    "visit_end",
                                    "resolved",
                                    "closed",
                                    "reopened",
                                    "cancelled",
                                    "merged",
                                    "recoded",
                                    "other",
                                ),
                            )
                        ),
                        name="event_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", ""), ("kind__in", ("customer", "parts", "third_party")), _connector="OR"
                        ),
                        name="event_pause_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("related", "Related"), ("follows", "Follows"), ("caused_by", "Caused By")],
                        default="related",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="service.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="linked_from", to="service.case"
                    ),
                ),
            ],
            options={
                "ordering": ("case", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "other"), name="cases_linked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="case_not_linked_to_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("level", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contracts", to="service.customer"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="service.device",
                    ),
                ),
            ],
            options={
                "ordering": ("customer", "valid_from", "number"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="contract_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField(default=100)),
                ("name", models.CharField(max_length=120)),
                (
                    "clock",
                    models.CharField(
                        choices=[("first_response", "First Response"), ("resolution", "Resolution")], max_length=16
                    ),
                ),
                ("missed", models.BooleanField(default=False)),
                ("priority", models.CharField(blank=True, max_length=80)),
                ("tell_owner", models.BooleanField(default=True)),
                ("tell_lead", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "escalate_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="org.team",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("clock__in", ["first_response", "resolution"])),
                        name="escalation_clock_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Miss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(
                        choices=[("first_response", "First Response"), ("resolution", "Resolution")], max_length=16
                    ),
                ),
                ("policy", models.CharField(max_length=80)),
                ("due_at", models.DateTimeField()),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                ("escalated", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="misses", to="service.case"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
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
            ],
            options={
                "ordering": ("case", "clock", "due_at"),
                "constraints": [models.UniqueConstraint(fields=("case", "clock", "due_at"), name="miss_told_once")],
            },
        ),
    ]
