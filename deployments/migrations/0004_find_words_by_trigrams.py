"""Indexes for the search by a part of a name, where PostgreSQL has pg_trgm. Without it the search reads every row."""

import structlog
from django.db import Error, migrations, transaction

# As Django writes `icontains`, so that PostgreSQL takes the index for it.
INDEXES = {
    "deployments_product_name_trigrams": ("deployments_product", "name"),
    "deployments_sheet_model_trigrams": ("deployments_modelsheet", "raw_model_id"),
}


def add(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for name, (table, column) in INDEXES.items():
                cursor.execute(f"CREATE INDEX {name} ON {table} USING gin (upper({column}::text) gin_trgm_ops)")
    except Error as problem:  # not installed, or this role may not add it
        structlog.get_logger(__name__).warning("search_without_trigrams", problem=str(problem).strip())


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for name in INDEXES:
                cursor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("deployments", "0003_how_questions_were_closed")]
    operations = [migrations.RunPython(add, remove)]
