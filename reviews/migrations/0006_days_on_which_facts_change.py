from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0005_impact_lines_name_their_sheet"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="licensee_facts_change_on",
            field=models.DateField(
                blank=True,
                help_text=(
                    "The first day on which a dated fact of the licensee begins or ends to hold; none where none does."
                ),
                null=True,
            ),
        ),
    ]
