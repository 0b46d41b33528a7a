from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0004_find_words_by_trigrams"),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
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
