"""The owner's declaration: a signed act that fixes both sheets as an append-only revision."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.actions.products import activate, lock_product
from deployments.actions.sheets import lock_sheet
from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import Declaration, LegalEntity, ModelSheet
from deployments.policies import may_declare
from deployments.queries.facts import declaration_document, declaration_statement
from foundation.accounts.actions import consume_proof, make_proof
from foundation.accounts.actors import actor_for
from foundation.accounts.models import Method, User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record


def declare(
    *, sheet: ModelSheet, by: User, session_key: str | None, statement_digest: str, password: str | None = None
) -> Declaration:
    """Declare both sheets as they stand. Unknown answers may stay: they block approval, never the declaration.

    With a password the proof is made here, so call it outside any transaction. An action that wraps this one (to move
    a review) makes the proof first, or lets the person make one with a code or passkey, and passes no password.
    """
    if password is not None:
        require(may_declare(by, sheet.component.product))
        make_proof(
            person=by,
            session_key=session_key,
            statement_digest=statement_digest,
            method=Method.PASSWORD,
            password=password,
        )
    with transaction.atomic():
        product = lock_product(sheet.component.product)
        locked = lock_sheet(sheet)
        require(may_declare(by, product))
        document = declaration_document(locked)
        if document.licensee is None:
            raise DeploymentError(_("Name the licensee first: whose rights are examined cannot be left open."))
        if not locked.raw_model_id:
            raise DeploymentError(_("Name the model first: paste its id as your code or your provider writes it."))
        # The entity's facts belong to legal and may be missing; the row must exist while it is declared.
        licensee = LegalEntity.objects.select_for_update(no_key=True).get(pk=LegalEntity.key_of(document.licensee))
        statement = declaration_statement(locked)
        if statement.digest != statement_digest:
            raise DeploymentError(
                _("The answers changed since this page was opened. Read them again, then declare what you see.")
            )
        proof = consume_proof(person=by, session_key=session_key, statement_digest=statement_digest)
        revision = (Declaration.objects.filter(sheet=locked).aggregate(last=Max("revision"))["last"] or 0) + 1
        declaration = Declaration.objects.create(
            sheet=locked,
            revision=revision,
            document=document.text,
            digest=document.digest,
            statement=statement.text,
            statement_language=statement.language,
            statement_digest=statement.digest,
            declared_by=by,
            signer_name=by.name,
            signer_organisation=by.organisation,
            method=proof.method,
            declared_at=timezone.now(),
        )
        activate(product=product)
        record(
            Kind.DECLARATION_MADE,
            actor=actor_for(by),
            subject=declaration.reference,
            related=[product.reference, locked.component.reference, locked.reference, licensee.reference],
            facts={
                "revision": revision,
                "digest": declaration.digest,
                "statement_digest": declaration.statement_digest,
                "method": proof.method,
                "proof": str(proof.code),
                "version": locked.version.slug if locked.version else None,
                "model_id": logged(locked.raw_model_id),
            },
            personal={"signer_name": declaration.signer_name, "signer_organisation": declaration.signer_organisation},
        )
    return declaration
