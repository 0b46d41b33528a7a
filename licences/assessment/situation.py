"""What the declared facts add up to: the few questions that several rules ask."""

from __future__ import annotations

from dataclasses import dataclass

from licences.disputed import ancestors_of
from licences.facts import Facts, Permission, field_named
from licences.facts_fields import UNKNOWN, Sheet, is_known, text_of, values_of
from licences.facts_model import passes_weights_on
from licences.terms import Terms

OUTSIDERS = frozenset({"contractors", "affiliates", "customers", "public"})


@dataclass(frozen=True)
class Situation:
    """Facts and terms with the derived answers: yes, no or unknown."""

    facts: Facts
    terms: Terms

    def product(self, key: str) -> frozenset[str]:
        """The known values of a product field."""
        return values_of(self.facts.product, key)

    def model(self, key: str) -> frozenset[str]:
        """The known values of a model field."""
        return values_of(self.facts.model, key)

    def model_text(self, key: str) -> str:
        """A text of the model sheet, empty where unknown."""
        return text_of(self.facts.model, key)

    def knows(self, sheet: Sheet, key: str) -> bool:
        """Whether the field has an answer other than unknown."""
        return is_known(self.facts.product if sheet == "product" else self.facts.model, key)

    @staticmethod
    def question(sheet: Sheet, key: str) -> str:
        """The words of a question, to name what is missing."""
        return field_named(sheet, key).question

    @staticmethod
    def question_label(sheet: Sheet, key: str, value: str) -> str:
        """The words of one offered answer."""
        return field_named(sheet, key).label_of(value)

    @property
    def route(self) -> str:
        """Where the model comes from, or unknown."""
        return next(iter(self.model("route")), UNKNOWN)

    @property
    def weights_leave(self) -> str:
        """Whether copies of the materials go to somebody else."""
        if passes_weights_on(self.facts.model):
            return "yes"
        if not self.knows("model", "model_uses") or not self.knows("model", "route"):
            return UNKNOWN
        if "changed" in self.model("model_uses") and not self.knows("model", "derived_available"):
            return UNKNOWN
        return "no"

    @property
    def made_available(self) -> str:
        """yes, employees (only our own people), or unknown: the condition of the display duty."""
        if self.weights_leave == "yes" or "service" in self.model("derived_available"):
            return "yes"
        if not self.knows("product", "audience"):
            return UNKNOWN
        return "yes" if self.product("audience") & OUTSIDERS else "employees"

    @property
    def multimodal(self) -> str:
        """yes, no, disputed (sheet and catalogue differ) or unknown, of the model itself and never of the input."""
        listed = self.terms.multimodality_of(self.model_text("model_id")) if self.model_text("model_id") else UNKNOWN
        if listed != "yes" and self.model_text("base_model"):
            base = self.terms.multimodality_of(self.model_text("base_model"))
            listed = base if base == "yes" or listed == UNKNOWN else listed
        if not self.model_text("model_id") and self.terms.multimodal_otherwise != UNKNOWN:
            listed = self.terms.multimodal_otherwise
        declared = next(iter(self.model("multimodal")), UNKNOWN)
        if UNKNOWN in (listed, declared):
            return declared if listed == UNKNOWN else listed
        return listed if listed == declared else "disputed"

    @property
    def other_ancestors(self) -> tuple[str, ...]:
        """Other Llama versions that stand behind the model."""
        return tuple(one for one in ancestors_of(self.facts.model) if one != self.terms.slug)

    def permission_for_item(self, item_id: str) -> Permission | None:
        """Meta's grant of a use that names this item of the policy."""
        return self.facts.entity.permission_for_item(item_id, self.terms.slug)

    def permission(self, kind: str) -> Permission | None:
        """Meta's grant of this kind, where there is one that names this version or every version."""
        return self.facts.entity.permission(kind, self.terms.slug)
