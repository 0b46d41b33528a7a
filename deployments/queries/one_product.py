"""One product for one person, as almost every page of a product begins."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from deployments.models import Product
from foundation.accounts.models import Team, User
from foundation.accounts.queries import sees_whole_company, team_ids_of
from foundation.reads import Among, Given, Read

_OWN = [field.attname for field in Product._meta.concrete_fields]
_OF_TEAM = [field.attname for field in Team._meta.concrete_fields]
_OF_OWNER = [field.attname for field in User._meta.concrete_fields if field.attname != "password"]
_COLUMNS = [*_OWN, *(f"team__{column}" for column in _OF_TEAM), *(f"owner__{column}" for column in _OF_OWNER)]


def _with_team_and_owner(*cells: Any) -> Product:
    """What select_related() would make of the columns of all three."""
    of_team, of_owner = len(_OWN), len(_OWN) + len(_OF_TEAM)
    product = Product.from_db(DEFAULT_DB_ALIAS, _OWN, cells[:of_team])
    product.team = Team.from_db(DEFAULT_DB_ALIAS, _OF_TEAM, cells[of_team:of_owner])
    product.owner = User.from_db(DEFAULT_DB_ALIAS, _OF_OWNER, cells[of_owner:])
    return product


_ANY = Read(_with_team_and_owner, lambda: Product.objects.filter(pk=Given("key")).values_list(*_COLUMNS))
_WITHIN = Read(
    _with_team_and_owner,
    lambda: (
        Product.objects.filter(pk=Given("key"))
        .within(Among("team_id", "teams"), Given("person"))
        .values_list(*_COLUMNS)
    ),
)


def visible_product(person: User, key: int) -> Product | None:
    """The product with this key, its team and its owner, if the person may know of it: as visible_to() says."""
    if sees_whole_company(person):
        found = _ANY(key=key)
    else:
        found = _WITHIN(key=key, teams=sorted(team_ids_of(person)), person=person.pk)
    return found[0] if found else None
