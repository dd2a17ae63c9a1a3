import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_leave"),
        ("service", "0009_whose_mistake_a_wrong_part_was"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="diagnosed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.person"
            ),
        ),
    ]
