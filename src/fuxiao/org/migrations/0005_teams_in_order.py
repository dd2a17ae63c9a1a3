"""Teams stand in the order of their names as they are spoken; a later change of the order comes with a team's next change."""

import re

from django.db import migrations, models
from pypinyin import Style, lazy_pinyin

NUMBERS = {sign: n for n, sign in enumerate("一二三四五六七八九十", 1)}


def fill(apps, schema_editor):
    for team in apps.get_model("org", "Team").objects.all():
        counted = re.sub(f"[{''.join(NUMBERS)}]", lambda found: f"{NUMBERS[found[0]]:06d}", team.name.casefold())
        spoken = "".join(lazy_pinyin(counted, style=Style.TONE3, neutral_tone_with_five=True))
        team.sort = re.sub("[^0-9a-z]", "", spoken)[:400]
        team.save(update_fields=["sort"])


class Migration(migrations.Migration):
    dependencies = [("org", "0004_leave")]

    operations = [
        migrations.AddField("team", "sort", models.CharField(default="", editable=False, max_length=400)),
        migrations.AlterModelOptions("team", {"ordering": ("sort", "key")}),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
