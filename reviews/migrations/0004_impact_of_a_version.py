import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_version_and_sheet(apps, schema_editor):
    """Runs and lines that are here are those of texts: their version and sheet follow."""
    texts, approvals = apps.get_model("licences", "LicenceText"), apps.get_model("deployments", "Approval")
    version = texts.objects.filter(pk=OuterRef("text")).values("version")
    apps.get_model("reviews", "ImpactRun").objects.update(version=Subquery(version))
    sheet = approvals.objects.filter(pk=OuterRef("approval")).values("sheet")
    apps.get_model("reviews", "ImpactLine").objects.update(sheet=Subquery(sheet))


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0004_find_words_by_trigrams"),
        ("licences", "0003_version_draft"),
        ("reviews", "0003_impact_run"),
    ]

    operations = [
        migrations.AddField(
            model_name="impactline",
            name="sheet",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deployments.modelsheet"
            ),
        ),
        migrations.AddField(
            model_name="impactrun",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="impact_runs",
                to="licences.llamaversion",
            ),
        ),
        migrations.RunPython(name_version_and_sheet, migrations.RunPython.noop),
    ]
