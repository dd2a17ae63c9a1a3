from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cycles", "0008_jobs")]

    operations = [
        migrations.AddField(
            model_name="cyclejob", name="worker", field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]  # fmt: skip
