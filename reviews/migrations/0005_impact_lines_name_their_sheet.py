import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the one before: PostgreSQL alters no table while rows of the same transaction wait for their checks.

    dependencies = [
        ("reviews", "0004_impact_of_a_version"),
    ]

    operations = [
        migrations.AlterField(
            model_name="impactline",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deployments.modelsheet"
            ),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="impact_runs", to="licences.llamaversion"
            ),
        ),
        migrations.AlterField(
            model_name="impactline",
            name="approval",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deployments.approval",
            ),
        ),
        migrations.AlterField(
            model_name="impactline",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("opened", "A review was opened"),
                    ("was_open", "A review was open already"),
                    ("left", "The component has left this version: nothing to review"),
                    ("asked", "The name leaves the version open: its owner is asked"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="accepted_at",
            field=models.DateTimeField(
                blank=True, help_text="A text can be accepted, replaced and accepted again.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="changed_clauses",
            field=models.JSONField(
                default=list,
                help_text="Clauses of the new text that say something else; of a version, against the one before it.",
            ),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="replaced",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licences.licencetext",
            ),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="text",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="impact_runs",
                to="licences.licencetext",
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="reason",
            field=models.CharField(
                choices=[
                    ("registered", "First registration"),
                    ("version_chosen", "A new Llama version was chosen"),
                    ("facts_changed", "Material facts changed"),
                    ("text_changed", "A licence text changed"),
                    ("version_added", "A Llama version was added"),
                    ("expiring", "The approval is about to expire"),
                    ("asked", "Somebody asked for it"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="impactline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approval", None)),
                fields=("run", "sheet"),
                name="reviews_one_impact_line_per_sheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("text", None)), fields=("version",), name="reviews_one_impact_run_per_added_version"
            ),
        ),
    ]
