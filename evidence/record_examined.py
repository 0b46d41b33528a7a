"""The parts of a record that say what was examined: facts, findings, answers, clauses, texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.errors import RecordDisagrees
from foundation.audit.canonical import JSON, canonical
from foundation.audit.recorder import instant
from licences.disputed import version_name
from licences.facts import ENTITY_LABELS, WORDS_BEHIND, fields_of
from licences.facts_places import COUNTRIES, country_name
from licences.models import Clause, LicenceText, TextKind
from licences.queries import terms_for, version_names
from reviews.models import Check, Review
from reviews.questions import check_named, citation_of, question_in_words

SHEETS = ("entity", "product", "model")
ENTITY_WORDS = {
    **ENTITY_LABELS,
    "name": "Name of the entity",
    "principal_place_basis": "How legal came to the principal place of business",
    "mau_source": "Source of the figure",
}
ACCEPTED_TEXTS = ("accepted_agreement_sha256", "accepted_aup_sha256")  # an acceptance without one says so
# What legal knows of an entity for one version alone; the rest is the same under all of them.
_BY_VERSION = (
    "mau",
    "mau_month",
    "acceptance",
    *ACCEPTED_TEXTS,
    "permissions",
    "received_in_end_user_product",
    "end_user_of_multimodal",
)
FILE_NAMES = {TextKind.AGREEMENT.value: "LICENSE", TextKind.AUP.value: "USE_POLICY"}


def text_file_name(slug: str, kind: str) -> str:
    """Where the exact text lies in the pack."""
    return f"texts/{slug}-{FILE_NAMES[kind]}"


def read_document(review: Review, name: str, text: str) -> Any:
    """A document that a row keeps as canonical JSON; None where the review never got that far."""
    if not text:
        return None
    document = json.loads(text)
    if canonical(document) != text:
        raise RecordDisagrees(
            _("The %(name)s of %(review)s are not canonical JSON.") % {"name": name, "review": review.reference}
        )
    return document


def facts_section(review: Review) -> dict[str, JSON] | None:
    """The facts that were examined and signed, with the questions and answers as people read them."""
    document = read_document(review, "facts", review.facts)
    if document is None:
        return None
    if _digest_of(review.facts) != review.facts_digest:
        raise RecordDisagrees(
            _("The facts kept with %(review)s do not have the digest that was signed.") % {"review": review.reference}
        )
    declared = read_document(review, "declared facts", review.declaration.document) if review.declaration else {}
    # What was declared holds narratives and notes too; the entity's facts are legal's and stand in the review alone.
    answers = {
        "entity": document.get("entity", {}),
        "product": declared.get("product_answers") or document.get("product", {}),
        "model": declared.get("model_answers") or document.get("model", {}),
    }
    return {
        "document": document,
        "digest": review.facts_digest,
        "shown": [shown for sheet in SHEETS for shown in _shown_answers(sheet, answers[sheet])]
        + _shown_behind(document.get("behind", {})),
        "declaration": _declaration(review),
    }


def findings_section(review: Review) -> dict[str, JSON] | None:
    """The findings on those facts, as the rules gave them when the facts were taken."""
    document = read_document(review, "findings", review.findings)
    if document is None:
        return None
    if _digest_of(review.findings) != review.findings_digest:
        raise RecordDisagrees(
            _("The findings kept with %(review)s do not have the digest that was signed.")
            % {"review": review.reference}
        )
    return {"document": document, "digest": review.findings_digest}


def answers_section(review: Review, checks: Sequence[Check]) -> list[dict[str, JSON]]:
    """The five questions with their answers, the record reasoning word for word, and the clauses relied on."""
    terms = terms_for(review.version)
    entity = review.licensee.name if review.licensee else _("the licensee")
    answers: list[dict[str, JSON]] = []
    for check in checks:
        asked = check_named(check.number)
        answers.append(
            {
                "number": check.number,
                "title": _(asked.title),
                "citation": citation_of(asked, terms),
                "question": question_in_words(
                    asked, entity=entity, month=terms.mau_month, threshold=terms.mau_threshold
                ),
                "answer": check.answer or None,
                "answer_label": check.get_answer_display() if check.answer else _("Not answered"),
                "reasoning": check.reasoning,
                "clauses": list(check.clauses),
                "answered_by": check.answered_by.reference if check.answered_by else None,
                "answered_at": instant(check.answered_at) if check.answered_at else None,
            }
        )
    return answers


def positions_section(checks: Iterable[Check]) -> list[dict[str, JSON]]:
    """The arguable readings that were taken, each with its residual risk."""
    return [
        {"check": check.number, "reading": check.position.reading, "residual_risk": check.position.residual_risk}
        for check in checks
        if hasattr(check, "position")
    ]


def clauses_section(review: Review, cited: Iterable[str]) -> list[dict[str, JSON]]:
    """Every clause that an answer or a finding relies on, with its words, its digest and that of the text around it."""
    rows: dict[str, Clause] = {}
    for text in (review.agreement, review.aup):
        if text is not None:
            for clause in text.clauses.all():
                name = clause.clause_id.removeprefix(f"{text.document} ")
                rows[f"{text.document} {name}"] = clause
    texts = {text.pk: text for text in (review.agreement, review.aup) if text is not None}
    order = {name: position for position, name in enumerate(rows)}
    section: list[dict[str, JSON]] = []
    for name in sorted(set(cited), key=lambda name: (order.get(name, len(order)), name)):
        found = rows.get(name)
        section.append(
            {
                "id": name,
                "printed": found.printed_label if found else "",
                "heading": found.heading if found else "",
                "words": found.body if found else "",
                "digest": found.digest if found else None,
                "text_sha256": texts[found.text_id].sha256 if found else None,
            }
        )
    return section


def texts_section(review: Review) -> list[dict[str, JSON]]:
    """The agreement and the policy relied on: which bytes, which words, and what is known of where they come from."""
    return [_text(review.version.slug, text) for text in (review.agreement, review.aup) if text is not None]


def _text(slug: str, text: LicenceText) -> dict[str, JSON]:
    return {
        "kind": text.kind,
        "document": text.document,
        "file": text_file_name(slug, text.kind),
        "sha256": text.sha256,
        "words_digest": text.words_digest,
        "label": text.label,
        "match": text.match,
        "source": text.source,
        "commit": text.commit,
        "date": text.text_date.isoformat() if text.text_date else None,
        "imported_at": instant(text.imported_at),
    }


def _declaration(review: Review) -> dict[str, JSON] | None:
    declared = review.declaration
    if declared is None:
        return None
    if _digest_of(declared.document) != declared.digest:
        raise RecordDisagrees(
            _("Declaration %(declaration)s does not have its digest any more.") % {"declaration": declared.reference}
        )
    return {
        "reference": declared.reference,
        "revision": declared.revision,
        "document": declared.document,
        "digest": declared.digest,
        "statement": declared.statement,
        "statement_digest": declared.statement_digest,
        "language": declared.statement_language,
        "method": declared.method,
        "declared_at": instant(declared.declared_at),
        "person": {
            "reference": declared.declared_by.reference,
            "name": declared.signer_name,
            "organisation": declared.signer_organisation,
        },
    }


def _shown_answers(sheet: str, answers: Mapping[str, Any]) -> list[dict[str, JSON]]:
    """Question and answer as a person reads them, in the order of the sheet; keys of older releases come last."""
    shown: list[dict[str, JSON]] = []
    if sheet == "entity":
        keys = [key for key in ("reference", "name", *ENTITY_WORDS) if key in answers]
        for key in dict.fromkeys([*keys, *sorted(answers)]):
            shown.append(_row(sheet, key, _(ENTITY_WORDS.get(key, key)), _entity_words(key, answers[key])))
        accepted = answers.get("acceptance") == "accepted"
        shown += [
            _row(sheet, key, _(ENTITY_WORDS[key]), _("not evidenced"))
            for key in ACCEPTED_TEXTS
            if accepted and key not in answers
        ]
        return shown
    versions = version_names()
    fields = {field.key: field for field in fields_of("product" if sheet == "product" else "model")}
    for key in [*(key for key in fields if key in answers), *sorted(set(answers) - set(fields))]:
        field = fields.get(key)
        if field is None:
            shown.append(_row(sheet, key, key, _plain(answers[key])))
        elif field.kind == "countries":
            codes = answers[key] if isinstance(answers[key], list) else [answers[key]]
            shown.append(_row(sheet, key, _(field.question), ", ".join(country_name(str(code)) for code in codes)))
        else:
            shown.append(_row(sheet, key, _(field.question), field.label_of(answers[key], versions)))
    return shown


def _shown_behind(behind: Mapping[str, Any]) -> list[dict[str, JSON]]:
    """What the versions behind the model ask of the entity by themselves: each question names its version."""
    return [
        _row("entity", f"{slug}:{row['key']}", f"{version_name(slug)}: {row['question']}", str(row["answer"]))
        for slug, entity in sorted(behind.items())
        for row in [
            *_shown_answers("entity", {key: entity[key] for key in _BY_VERSION if key in entity}),
            *(_row("entity", key, _words_question(key), entity[key]) for key in WORDS_BEHIND if key in entity),
        ]
    ]


def _words_question(key: str) -> str:
    if key == "agreement_words":
        return _("Digest of the words of its agreement")
    return _("Digest of the words of its acceptable use policy")


def _row(sheet: str, key: str, question: str, answer: str) -> dict[str, JSON]:
    return {"sheet": sheet, "key": key, "question": question, "answer": answer}


def _entity_words(key: str, value: Any) -> str:
    if key == "principal_place" and value in COUNTRIES:
        return country_name(str(value))
    if key == "mau" and isinstance(value, int):
        return f"{value:,}"
    return _plain(value)


def _plain(value: Any) -> str:
    if value in (None, "", [], ()):
        return _("not known")
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in sorted(value.items()) if one not in (None, ""))
    return str(value)


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
