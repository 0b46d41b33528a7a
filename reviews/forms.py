"""Forms of the review pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deployments.models import Deployment
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from licences.facts_places import COUNTRIES, WORLDWIDE
from reviews.actions.conditions import problem_of_due_day
from reviews.condition_owners import owners_to_choose
from reviews.models import CheckAnswer, ConditionKind, MessageKind, Review


class PageForm(forms.Form):
    """One of several forms on one page: its ids begin with its own word, so that no two elements share one."""

    word = "form"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.word}_%s")
        super().__init__(*args, **kwargs)


class CheckForm(forms.Form):
    """The answer to one check."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=CheckAnswer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reasoning = forms.CharField(
        label=_("Record reasoning"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Appears word for word in the signed record."),
        error_messages={"required": _("Write the reasoning: it appears word for word in the signed record.")},
        max_length=8000,
    )
    reading = forms.CharField(
        label=_("The reading relied on"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=4000,
        help_text=_("Only for “Position taken”."),
    )
    residual_risk = forms.CharField(
        label=_("The risk that remains"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=4000,
        help_text=_("Only for “Position taken”: a risk owner signs for it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("answer") == CheckAnswer.POSITION_TAKEN:
            for name in ("reading", "residual_risk"):
                if not cleaned.get(name):
                    self.add_error(name, _("A position needs the reading that you rely on, and the risk that remains."))
        return cleaned


def _places() -> list[tuple[str, Any]]:
    return [(WORLDWIDE, _("Worldwide")), *COUNTRIES.items()]


class _Environments(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Keys that no database could hold are refused as any other choice that is not offered."""

    def clean(self, value: Any) -> Any:
        for key in value or []:
            if not (str(key).isascii() and str(key).isdigit() and len(str(key)) < 19):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(key)[:40]})
        return super().clean(value)


class ScopeForm(PageForm):
    """What is approved."""

    word = "scope"

    deployments = _Environments(
        label=_("Environments"),
        queryset=Deployment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one environment that the approval is for.")},
    )
    use = forms.CharField(label=_("Use"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        choices=_places,  # as a function: Django would copy every country each time the form is made
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_until = forms.DateField(
        label=_("Until, that day included"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deployments"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Deployment.objects.filter(product=review.component.product_id)


class ConditionForm(PageForm):
    """A new condition."""

    word = "condition"

    kind = forms.ChoiceField(label=_("When must it hold?"), choices=ConditionKind.choices)
    text = forms.CharField(label=_("What must hold"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        error_messages={"invalid_choice": _("Choose somebody who works on this product.")},
    )
    due_on = forms.DateField(
        label=_("By which date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for “By a date”: today or later."),
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owners_to_choose(review)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        dated = cleaned.get("kind") == ConditionKind.BY_DATE and "due_on" not in self.errors
        if dated and (problem := problem_of_due_day(cleaned["due_on"], company_day(timezone.now()))):
            self.add_error("due_on", problem)
        return cleaned


class MessageForm(PageForm):
    word = "message"
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[choice for choice in MessageKind.choices if choice[0] != "changes_requested"],
        initial="remark",
    )
    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}), max_length=8000)
    check_number = forms.TypedChoiceField(
        label=_("About"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("The whole review")), *((n, _("Check %(n)s") % {"n": n}) for n in range(1, 6))],
    )


class CounselNoteForm(PageForm):
    word = "note"
    text = forms.CharField(
        label=_("Counsel’s note"),
        # Not kept by static/drafts.js either: a privileged note lies nowhere but in its row.
        widget=forms.Textarea(attrs={"rows": 3, "data-no-draft": True}),
        max_length=8000,
        help_text=_(
            "Seen by legal roles only; in no pack, mail, search or log. "
            "Calling a note privileged does not make it privileged."
        ),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
        error_messages={"required": _("Give a reason: it is part of the record.")},
    )


class MeetConditionForm(forms.Form):
    note = forms.CharField(
        label=_("What shows that it holds"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        error_messages={"required": _("Say what shows that the condition holds.")},
    )
    document = forms.FileField(
        label=_("Document"), required=False, help_text=_("PDF, PNG, JPEG, Word or plain text, up to 10 MB.")
    )


class SightingForm(PageForm):
    """What the attribution owner saw, and where."""

    word = "sighting"

    text = forms.CharField(label=_("The words that you saw"), max_length=300)
    address = forms.CharField(
        label=_("Where"), max_length=500, help_text=_("The address of the page, or the screen’s name.")
    )
    observed_on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
