"""The living style page: every widget and component in one place, so that a screenshot in a test shows what changed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.status_words import all_looks


class SampleForm(forms.Form):
    """One of each widget."""

    name = forms.CharField(label="Product name", help_text="As your customers know it.", max_length=120)
    email = forms.EmailField(label="E-mail address of the owner", required=False)
    purpose = forms.CharField(label="What does it do?", widget=forms.Textarea(attrs={"rows": 3}))
    users = forms.IntegerField(label="People who use it", min_value=0, required=False)
    live_on = forms.DateField(label="Goes live on", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    version = forms.ChoiceField(label="Llama version", choices=[("", "Choose"), ("a", "Llama 3.1"), ("b", "Llama 4")])
    places = forms.MultipleChoiceField(
        label="Environments", choices=[("eu", "Production EU"), ("us", "Production US")], widget=forms.SelectMultiple
    )
    answer = forms.ChoiceField(
        label="Are the display duties met?",
        choices=[("met", "Met"), ("cond", "Met with conditions"), ("not", "Not met")],
        widget=forms.RadioSelect,
        help_text="Look at the product as its users see it.",
    )
    groups = forms.MultipleChoiceField(
        label="Which of these does the product touch?",
        choices=[("a", "Health"), ("b", "Law enforcement"), ("c", "Critical infrastructure"), ("d", "None of these")],
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(label="Evidence", required=False, help_text="PDF or image, up to 10 MB.")
    confirmed = forms.BooleanField(label="The end-user terms pass the policy on")
    password = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)


def style_page(request: HttpRequest) -> HttpResponse:
    """Show every part of the interface, with invented content. Only on demo and development installations."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    messages.success(request, _("Saved."))
    messages.warning(request, _("The texts of this version are not all here yet."))
    broken = SampleForm({"email": "not an address"}, prefix="broken")
    broken.is_valid()
    context = _samples()
    context |= {"sample": SampleForm(), "broken": broken, "looks": all_looks(), "bar": request.GET.get("bar", "1")}
    return render(request, "portal/style.html", context)


def _samples() -> dict[str, Any]:
    """Invented content for the parts. The licence wording here is ours, not anybody's."""
    now = timezone.now()
    digest = hashlib.sha256(b"style page").hexdigest()
    return {
        "now": now,
        "today": now.date(),
        "next_week": now.date() + timedelta(days=4),
        "last_week": now.date() - timedelta(days=3),
        "digest": digest,
        "page": Paginator(range(230), 25).page(3),
        "tasks": [
            {
                "title": _("What it does"),
                "url": "#tasks",
                "status": "completed",
                "hint": _("Purpose, users, countries"),
            },
            {"title": _("Model and version"), "url": "#tasks", "status": "in progress"},
            {"title": _("Acceptable use"), "url": "#tasks", "status": "missing", "status_label": _("2 unknown")},
            {"title": _("Attribution"), "url": "#tasks", "status": "not started"},
            {"title": _("Declare the facts"), "url": None, "status": "cannot start yet"},
        ],
        "rows": [
            {"key": _("Product"), "value": "Harbour Assist", "change_url": "#rows", "change_label": _("product name")},
            {"key": _("Who receives it"), "lines": [_("Employees"), _("Customers")], "change_url": "#rows"},
            {"key": _("Countries"), "value": "", "missing": True, "change_url": "#rows"},
            {"key": _("Licensee"), "value": "Norrbro Group B.V."},
        ],
        "findings": [
            {
                "status": "action_needed",
                "title": _("Show the display text of this version"),
                "explanation": _("The product contains the model and is made available, so the display duty is due."),
                "clauses": ["LICENSE 1.b.i"],
            },
            {
                "status": "legal_judgement",
                "title": _("The month that is tested"),
                "explanation": _("This version names no release date, so the month before it is a reading."),
                "clauses": ["LICENSE 2", "AUP 2.a"],
                "reading": True,
                "popular_claim": _("The number of users is tested every month. The text tests one month only."),
            },
            {
                "status": "prohibited",
                "title": _("Rights withheld for a multimodal model"),
                "explanation": _("The principal place of business of the licensee lies in the EU."),
                "clauses": ["AUP 2.a"],
            },
            {"status": "satisfied", "title": _("A copy of the agreement travels along"), "explanation": _("Declared.")},
        ],
        "events": [
            {
                "who": "Rita Reviewer",
                "what": _("answered acceptable use: met"),
                "when": now,
                "icon": "circle-check",
                "tone": "ok",
            },
            {
                "who": "Olive Owner",
                "what": _("answered a question"),
                "when": now - timedelta(hours=3),
                "icon": "message-square-more",
                "said": _("The footer ships with the next release."),
            },
            {
                "what": _("A new text reopened this review"),
                "when": now - timedelta(days=5),
                "icon": "git-compare",
                "tone": "warn",
                "digest": digest,
            },
        ],
        "clauses": _clauses(),
        "views": [
            {"label": _("Redline"), "url": "#clauses", "current": True},
            {"label": _("Side by side"), "url": "#clauses", "current": False},
            {"label": _("Clean"), "url": "#clauses", "current": False},
        ],
        "covers": [
            {"key": _("Scope"), "value": "Norrbro Group B.V., Production EU"},
            {"key": _("Valid until"), "value": "23 Nov 2027"},
        ],
    }


def _clauses() -> list[dict[str, Any]]:
    """An agreement of our own invention."""
    changed = [
        ("equal", "Whoever hands on the grain shall hand on this paper"),
        ("added", " and the name of the mill"),
        ("equal", ", within "),
        ("deleted", "thirty"),
        ("added", "ten"),
        ("equal", " days."),
    ]
    return [
        {
            "id": "LICENSE 1",
            "number": "1",
            "heading": "Grain",
            "text": "You may take grain from the store and mill it.",
        },
        {
            "id": "LICENSE 1.b.i",
            "number": "1.b.i",
            "heading": "Handing on",
            "printed": "1(b)(i)",
            "segments": changed,
            "old_segments": [part for part in changed if part[0] != "added"],
            "new_segments": [part for part in changed if part[0] != "deleted"],
            "changed": True,
            "depth": 1,
            "checks": [{"label": "Check 3", "status": "not answered", "url": "#check-2"}],
        },
        {"id": "AUP 2.a", "number": "2.a", "text": "Nobody shall mill by night.", "depth": 2, "printed": "3.1"},
    ]
