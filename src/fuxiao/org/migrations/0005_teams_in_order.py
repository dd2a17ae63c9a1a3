"""Teams stand in the order of their names as they are spoken; a later change of the order comes with a team's next change."""

from django.db import migrations, models

from fuxiao.org.pinyin import team_key


def fill(apps, schema_editor):
    for team in apps.get_model("org", "Team").objects.all():
        team.sort = team_key(team.name)
        team.save(update_fields=["sort"])


class Migration(migrations.Migration):
    dependencies = [("org", "0004_leave")]

    operations = [
        migrations.AddField("team", "sort", models.CharField(default="", editable=False, max_length=400)),
        migrations.AlterModelOptions("team", {"ordering": ("sort", "key")}),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
