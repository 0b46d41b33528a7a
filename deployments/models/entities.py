"""Legal entities of the company, and the dated facts that legal keeps about each. Newer rows supersede older ones."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from foundation.audit.references import Referenced
from foundation.files.models import Blob
from licences.models import LicenceText, LlamaVersion


class EntityKind(models.TextChoices):
    """What the texts tell apart: an AUP's EU paragraph speaks of individuals and companies, and of nobody else."""

    COMPANY = "company", "Company"
    INDIVIDUAL = "individual", "Individual"
    PUBLIC_BODY = "public-body", "Public body"
    OTHER = "other", "Another body: a university, an association, a foundation"


class LegalEntity(Referenced):
    """A company of the group, or who else may hold a licence in it."""

    prefix = "ENT"

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=EntityKind.choices, default=EntityKind.COMPANY)
    country = models.CharField(max_length=2, help_text="Country of registration, ISO 3166-1 alpha-2.")
    registration_number = models.CharField(max_length=80, blank=True)
    facts_revision = models.PositiveIntegerField(
        default=1,
        help_text="Raised with every new dated fact, so that the gate sees at a glance whether anything changed.",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DatedFact(models.Model):
    """What legal recorded of an entity: who, when."""

    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class PrincipalPlace(DatedFact):
    """Principal place of business, or an individual's domicile: an AUP's EU paragraph and the preamble turn on it."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="principal_places")
    country = models.CharField(max_length=2)
    basis = models.TextField(help_text="How legal came to this: head office, board minutes, register.")
    effective_on = models.DateField()

    class Meta:
        ordering = ["-effective_on", "-pk"]

    def __str__(self) -> str:
        return self.country


class Affiliation(DatedFact):
    """Two entities are affiliates from one day to another; section 2 counts affiliates' products."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="affiliations")
    affiliate = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    basis = models.TextField(blank=True)

    class Meta:
        ordering = ["entity", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(entity=models.F("affiliate")), name="deployments_no_affiliation_with_itself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity_id}-{self.affiliate_id}"


class MauFigure(DatedFact):
    """Users in one month of all products and services made available by or for the entity or its affiliates (2)."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="mau_figures")
    month = models.CharField(max_length=7, help_text="The tested month, like 2024-06.")
    figure = models.BigIntegerField()
    counted_how = models.TextField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["entity", "month", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(figure__gte=0), name="deployments_mau_not_negative")]

    def __str__(self) -> str:
        return f"{self.month}: {self.figure}"


class AcceptanceState(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    NOT_EVIDENCED = "not_evidenced", "Not evidenced"


class Acceptance(DatedFact):
    """Who accepted one version's agreement for the entity, with what authority, where, when, how, and which text."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="acceptances")
    version = models.ForeignKey(LlamaVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=AcceptanceState.choices)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    authority = models.TextField(blank=True)
    platform = models.CharField(max_length=200, blank=True)
    how = models.TextField(blank=True)
    agreement = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    aup = models.ForeignKey(LicenceText, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entity", "version", "-pk"]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.version_id} {self.state}"


class LitigationStatement(DatedFact):
    """Has the entity ever instituted proceedings, counterclaims included, of the kind in 5.c?

    They end the licences for good, so a later "no" does not undo a "yes"; a row that corrects it does, with its reason.
    """

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="litigation_statements")
    answer = models.CharField(max_length=10, choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")])
    details = models.TextField(blank=True)
    as_of = models.DateField()
    corrects = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        help_text="An earlier entry that was never true; the details say why.",
    )

    class Meta:
        ordering = ["entity", "-as_of", "-pk"]

    def __str__(self) -> str:
        return self.answer
