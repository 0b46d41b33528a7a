import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0007_compare_where_proceedings_were_recorded"),
    ]

    operations = [
        migrations.AddField(
            model_name="permission",
            name="renews",
            field=models.ForeignKey(
                blank=True,
                help_text="An earlier permission whose place this one takes from its first day on.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="deployments.permission",
            ),
        ),
    ]
