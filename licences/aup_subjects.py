"""The words of the acceptable use screening: subjects (groups of items) and fields of work (sectors).

Catalogue files point to these keys, the product sheet offers their labels.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

# Fields of work in which a lawful product easily comes near a prohibited use.
SECTORS: dict[str, str] = {
    "health": _("Health or medicine"),
    "legal-advice": _("Law: legal advice, courts or law enforcement"),
    "finance": _("Finance, credit or insurance"),
    "financial-crime": _("Financial crime: finding or fighting fraud or money laundering"),
    "research": _("Research: medical, biological or chemical, or on people"),
    "employment": _("Hiring or managing employees"),
    "housing": _("Housing"),
    "public-services": _("Benefits, education or other essential services"),
    "minors": _("Children: used by, or about, people under age"),
    "adult-content": _("Adult content or dating"),
    "identity": _("Identity, biometrics or profiling of people"),
    "cybersecurity": _("Security: testing systems, or writing exploit code"),
    "defence": _("Defence, intelligence or export-controlled goods"),
    "nuclear": _("Nuclear"),
    "weapons": _("Weapons"),
    "pharmaceuticals": _("Drugs or controlled substances"),
    "infrastructure": _("Energy, water, telecoms or other critical infrastructure"),
    "transport": _("Vehicles, aircraft, ships or rail"),
    "machinery": _("Heavy machinery or industrial control"),
    "media": _("News, elections or political content"),
    "marketing": _("Reviews, marketing at scale or social media accounts"),
    "companions": _("Personas, companions, voices or likenesses of people"),
}
# What the policy prohibits, gathered into subjects that somebody who is no lawyer can answer for.
GROUPS: dict[str, str] = {
    "crime": _("Violence, exploitation or other crime"),
    "harassment": _("Harassment, threats or bullying"),
    "discrimination": _("Decisions on jobs, credit, housing or essential services"),
    "professions": _("Work that needs a professional licence"),
    "personal-data": _("Private or sensitive information about people"),
    "rights": _("Other people’s works, brands or secrets"),
    "systems": _("Malicious code, or getting round safety measures"),
    "harm": _("Risk of death or bodily harm"),
    "deception": _("Deceiving people, or posing as a human"),
    "unlawful-tools": _("Working with tools built for unlawful content or conduct"),
}
# The duty to disclose known dangers is asked by its own question, not by the screening list.
DISCLOSURE = "disclosure"
