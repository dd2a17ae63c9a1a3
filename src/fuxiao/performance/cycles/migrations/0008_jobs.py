import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cycles", "0007_verifications"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="verification", name="verification_one_at_a_time"),
        migrations.RenameModel(old_name="Verification", new_name="CycleJob"),
        migrations.AddField(
            model_name="cyclejob",
            name="kind",
            field=models.CharField(
                choices=[("verification", "verification"), ("sealing", "sealing")],
                default="verification",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="cyclejob",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="cyclejob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("cycle", "kind"), name="job_of_a_kind_one_at_a_time"
            ),
        ),
    ]
