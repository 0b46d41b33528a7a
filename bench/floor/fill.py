"""Make the tables and rows of the floor, and print the key of a signed-in session."""

from __future__ import annotations

import django
from django.core.management import call_command

TEAMS = 20


def main() -> None:
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    from bench.floor.models import Product, Team
    from bench.floor.settings import PRODUCTS

    for run_syncdb in (False, True):  # the floor has no migrations, and its tables refer to those of auth
        call_command("migrate", run_syncdb=run_syncdb, interactive=False, verbosity=0)
    teams = Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(TEAMS))
    Product.objects.bulk_create(
        (Product(name=f"Product {number}", team=teams[number % TEAMS]) for number in range(PRODUCTS)),
        batch_size=2000,
    )
    person = User(username="rita")
    person.set_unusable_password()
    person.save()
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    print(session.session_key)


if __name__ == "__main__":
    main()
