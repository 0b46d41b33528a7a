from django.db import migrations
from django.db.models import F


def compare_again(apps, schema_editor):
    """A "yes" on proceedings counts again that a later "no" hid: what was approved meanwhile is compared in full."""
    entities = apps.get_model("deployments", "LegalEntity").objects
    said = apps.get_model("deployments", "LitigationStatement").objects.filter(answer="yes")
    entities.filter(pk__in=said.values("entity")).update(facts_revision=F("facts_revision") + 1)


class Migration(migrations.Migration):
    # Apart from the one before: PostgreSQL alters no table while rows of the same transaction wait for their checks.

    dependencies = [("deployments", "0006_corrected_statements_on_proceedings")]
    operations = [migrations.RunPython(compare_again, migrations.RunPython.noop)]
