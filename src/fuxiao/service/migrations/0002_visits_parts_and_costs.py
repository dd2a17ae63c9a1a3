import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
        ("service", "0001_the_service_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("price", models.BigIntegerField(blank=True, null=True)),
                ("return_days", models.PositiveIntegerField(blank=True, null=True)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("account", models.BigIntegerField()),
                ("what", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("van", "Van"), ("local", "Local"), ("central", "Central")], max_length=10
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "engineer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vans",
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
                "ordering": ("kind", "key"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("engineer__isnull", False), ("kind", "van")),
                            models.Q(("engineer__isnull", True), ("kind__in", ("local", "central"))),
                            _connector="OR",
                        ),
                        name="van_has_an_engineer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("window_start", models.DateTimeField()),
                ("window_end", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("travel_min", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ("work_min", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ("distance_m", models.DecimalField(blank=True, decimal_places=1, max_digits=10, null=True)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("note", models.TextField(blank=True)),
                ("signed_by", models.CharField(blank=True, max_length=200)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="service.case"
                    ),
                ),
                (
                    "engineer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="org.person"
                    ),
                ),
                ("photos", models.ManyToManyField(blank=True, related_name="+", to="service.attachment")),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="service.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ("window_start", "id"),
                "indexes": [
                    models.Index(fields=["engineer", "window_start"], name="visit_of_engineer"),
                    models.Index(fields=["window_start", "id"], name="visit_by_window"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="visit_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("window_end__gt", models.F("window_start"))),
                        name="visit_window_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True), ("left_at__gte", models.F("arrived_at")), _connector="OR"
                        ),
                        name="visit_leaves_after_arrival",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            (
                                "outcome__in",
                                (
                                    "fixed",
                                    "parts_needed",
                                    "wrong_diagnosis",
                                    "no_fault_found",
                                    "no_access",
                                    "customer_refused",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="visit_outcome_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("arrived_at__isnull", False), ("left_at__isnull", True)),
                        fields=("engineer",),
                        name="one_visit_under_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("qty", models.PositiveIntegerField()),
                ("requested_at", models.DateTimeField()),
                ("filled_from", models.CharField(blank=True, max_length=10)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("installed_at", models.DateTimeField(blank=True, null=True)),
                ("unused_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("correct", models.BooleanField(blank=True, null=True)),
                ("wrong_reason", models.CharField(blank=True, max_length=400)),
                ("return_due_at", models.DateTimeField(blank=True, null=True)),
                ("old_part_returned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="part_lines", to="service.case"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="service.location",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="service.part"
                    ),
                ),
                (
                    "picker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.person",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_lines",
                        to="service.visit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True), ("issued_at__isnull", True)),
                        fields=["requested_at"],
                        name="part_line_open",
                    ),
                    models.Index(
                        condition=models.Q(("old_part_returned_at__isnull", True), ("return_due_at__isnull", False)),
                        fields=["return_due_at"],
                        name="old_part_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("qty__gte", 1)), name="part_line_some"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("filled_from", ""),
                            ("filled_from__in", ("van", "local", "central", "backorder")),
                            _connector="OR",
                        ),
                        name="part_line_filled_from_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("issued_at__isnull", True), ("location__isnull", False), _connector="OR"),
                        name="part_line_issued_from_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("installed_at__isnull", True), ("unused_at__isnull", True), _connector="OR"
                        ),
                        name="part_line_fitted_or_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="place", to="service.customer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                        name="place_on_earth",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("balance", models.IntegerField(default=0)),
                ("minimum", models.PositiveIntegerField(default=0)),
                ("overdrawn", models.CharField(blank=True, max_length=400)),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stock", to="service.location"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stock", to="service.part"
                    ),
                ),
            ],
            options={
                "ordering": ("part", "location"),
                "constraints": [
                    models.UniqueConstraint(fields=("location", "part"), name="stock_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("balance__gte", 0), models.Q(("overdrawn", ""), _negated=True), _connector="OR"
                        ),
                        name="stock_not_below_nought",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("qty", models.IntegerField()),
                ("balance", models.IntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("issued", "Issued"),
                            ("given_back", "Given Back"),
                            ("transferred", "Transferred"),
                            ("counted", "Counted"),
                            ("scrapped", "Scrapped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="service.partline",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="service.location"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="service.part"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["part", "location", "-id"], name="moves_of_stock")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("qty", 0), _negated=True), name="move_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("window_start", models.DateTimeField()),
                ("window_end", models.DateTimeField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("customer", "Customer"),
                            ("parts", "Parts"),
                            ("engineer", "Engineer"),
                            ("planning", "Planning"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "engineer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.person"),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="service.visit"
                    ),
                ),
            ],
            options={
                "ordering": ("visit", "id"),
            },
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("amount", models.BigIntegerField()),
                ("spent_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=400)),
                ("policy_limit", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("waiting", "Waiting"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("proposer", models.BigIntegerField(null=True)),
                ("proposer_name", models.CharField(max_length=200)),
                ("approver", models.BigIntegerField(blank=True, null=True)),
                ("approver_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision", models.CharField(blank=True, max_length=400)),
                ("exception", models.BooleanField(default=False)),
                ("in_warranty", models.BooleanField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("value_band", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "approved_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="costs", to="service.case"
                    ),
                ),
                (
                    "proposed_by",
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
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["state", "id"], name="cost_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("labour", "travel", "parts", "freight", "outsourcing", "refund", "compensation"),
                            )
                        ),
                        name="cost_kind_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="cost_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["approved", "waiting", "refused", "withdrawn"])),
                        name="cost_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approver__isnull", True),
                            ("proposer__isnull", True),
                            models.Q(("approver", models.F("proposer")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("amount", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
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
                "ordering": ("kind", "valid_from", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("labour", "travel", "parts", "freight", "outsourcing", "refund", "compensation"),
                            )
                        ),
                        name="limit_kind_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="limit_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="limit_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "new",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exchanged_from", to="service.device"
                    ),
                ),
                (
                    "old",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exchanged_for", to="service.device"
                    ),
                ),
            ],
            options={
                "ordering": ("on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True), name="not_exchanged_for_itself"
                    )
                ],
            },
        ),
    ]
