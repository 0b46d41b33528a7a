"""The list of all reviews, by due day, without sorting every review for each of its pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["due_on", "id"], name="reviews_rev_due_on_1656a0_idx"),
        ),
    ]
