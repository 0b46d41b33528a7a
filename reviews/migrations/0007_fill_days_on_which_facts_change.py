"""Reviews and approvals of before learn the day on which a dated fact of their licensee begins or ends to hold."""

from datetime import date, timedelta

from django.db import migrations

from foundation.accounts.company_day import company_day


def fill(apps, schema_editor):
    days = _days_by_entity(apps)
    if not days:
        return
    for model in (apps.get_model("reviews", "Review"), apps.get_model("deployments", "Approval")):
        rows = model.objects.filter(licensee__in=days).exclude(declaration=None)
        for key, licensee, declared_at in rows.values_list("pk", "licensee", "declaration__declared_at"):
            # Facts are taken on the day of the declaration or later, so no day since then is missed; one that passed
            # before they were taken costs a comparison and no more.
            ahead = [day for day in days[licensee] if day > company_day(declared_at)]
            if ahead:
                model.objects.filter(pk=key).update(licensee_facts_change_on=min(ahead))


def _days_by_entity(apps):
    """Every day on which a dated row of an entity begins to hold, or no longer holds."""
    found = {}
    for name, column in (
        ("PrincipalPlace", "effective_on"),
        ("LitigationStatement", "as_of"),
        ("Permission", "granted_on"),
    ):
        for entity, day in apps.get_model("deployments", name).objects.values_list("entity", column):
            found.setdefault(entity, set()).add(day)
    ending = apps.get_model("deployments", "Permission").objects.filter(expires_on__lt=date.max)
    for entity, last in ending.values_list("entity", "expires_on"):
        found.setdefault(entity, set()).add(last + timedelta(days=1))
    return found


class Migration(migrations.Migration):
    # Apart from the one before: PostgreSQL alters no table while rows of the same transaction wait for their checks.

    dependencies = [
        ("reviews", "0006_days_on_which_facts_change"),
        ("deployments", "0005_days_on_which_facts_change"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
