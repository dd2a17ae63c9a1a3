import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cycles", "0009_job_worker")]

    operations = [
        migrations.CreateModel(
            name="Panelist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="panel", to="cycles.cyclemember"
                    ),
                ),
            ],
            options={
                "ordering": ("member", "person"),
                "constraints": [models.UniqueConstraint(fields=("member", "person"), name="panelist_once")],
            },
        ),
    ]
