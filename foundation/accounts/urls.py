"""Addresses of accounts, under /people/. Signing in itself is the sign-in library's, under /account/."""

from __future__ import annotations

from django.urls import path

from foundation.accounts.views import me, people, teams, tokens

app_name = "accounts"
urlpatterns = [
    path("", people.people, name="people"),
    path("me/", me.me, name="me"),
    path("prove/", me.prove, name="prove"),
    path("invite/", people.invite, name="invite-person"),
    path("teams/", teams.teams, name="teams"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/issue/", tokens.issue, name="issue-token"),
    path("tokens/<uuid:code>/revoke/", tokens.revoke, name="revoke-token"),
    path("<str:reference>/", people.person, name="person"),
    path("<str:reference>/roles/", people.grant_role, name="grant-role"),
    path("<str:reference>/roles/<int:membership>/end/", people.end_role, name="end-role"),
    path("<str:reference>/deactivate/", people.deactivate, name="deactivate-person"),
    path("<str:reference>/reactivate/", people.reactivate, name="reactivate-person"),
    path("<str:reference>/invitation/", people.send_invitation, name="send-invitation"),
]
