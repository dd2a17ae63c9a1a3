from django.db import migrations, models

ANSWERED_HERE = ("咨询", "查询", "建议", "投诉", "表扬", "question", "enquiry", "inquiry", "advice", "complaint")


def answered_here(apps, schema_editor):
    choices = apps.get_model("service", "Choice").objects.using(schema_editor.connection.alias)
    choices.filter(kind="case_type", key__in=ANSWERED_HERE).update(visits=False)


class Migration(migrations.Migration):
    dependencies = [("service", "0005_room_for_a_letter")]

    operations = [
        migrations.AddField(model_name="choice", name="visits", field=models.BooleanField(default=True)),
        migrations.RunPython(answered_here, migrations.RunPython.noop),
    ]
