import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Stance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("sentence", models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("company", "Company"), ("team", "Team"), ("person", "Person")], max_length=10
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=120)),
                (
                    "perspective",
                    models.CharField(
                        choices=[
                            ("money", "Money"),
                            ("customer", "Customer"),
                            ("process", "Process"),
                            ("people", "People"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("period", models.CharField(max_length=10)),
                ("owner", models.CharField(blank=True, max_length=60)),
                ("contribution", models.PositiveSmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="objectives.objective",
                    ),
                ),
            ],
            options={
                "ordering": ("period", "perspective", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["company", "team", "person"])), name="objective_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contribution__lte", 100)), name="objective_contributes_at_most_all"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "company"), ("subject", "")),
                            models.Q(
                                models.Q(("level", "company"), _negated=True), models.Q(("subject", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="objective_has_a_subject",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(blank=True, max_length=200)),
                ("indicator", models.CharField(blank=True, max_length=16)),
                ("baseline", models.DecimalField(decimal_places=2, max_digits=14)),
                ("target", models.DecimalField(decimal_places=2, max_digits=14)),
                ("typed", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="objectives.objective"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("indicator", ""), ("typed__isnull", True), _connector="OR"),
                        name="result_typed_only_without_indicator",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "confidence",
                    models.CharField(choices=[("good", "good"), ("near", "near"), ("bad", "bad")], max_length=6),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="check_ins", to="objectives.objective"
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
    ]
