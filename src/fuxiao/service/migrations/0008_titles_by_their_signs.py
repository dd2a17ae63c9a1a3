import django.db.models.deletion
from django.db import migrations, models

import fuxiao.service.models.titles
from fuxiao.service.signs import index


def make(apps, schema_editor):
    case, title = apps.get_model("service", "Case"), apps.get_model("service", "CaseTitle")
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE service_casetitle USING fts5(signs, tokenize='ascii', detail='column')"
        )
    else:
        schema_editor.create_model(title)
    index(title, case.objects.order_by("pk").values_list("pk", "title").iterator(chunk_size=5_000))
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX case_title_signs ON service_casetitle USING gin (string_to_array(signs, ' '))"
        )


def unmake(apps, schema_editor):
    schema_editor.execute("DROP TABLE service_casetitle")


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0007_open_cases_in_order"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="CaseTitle",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                db_column="rowid",
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="service.case",
                            ),
                        ),
                        ("signs", fuxiao.service.models.titles.Signs()),
                    ],
                ),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]
