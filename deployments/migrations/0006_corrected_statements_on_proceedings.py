import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0005_days_on_which_facts_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="litigationstatement",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                help_text="An earlier entry that was never true; the details say why.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="deployments.litigationstatement",
            ),
        ),
    ]
