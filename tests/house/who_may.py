"""The who-may table: every route, and the answer it gives to each kind of person.

    nobody        not signed in                       302 to the sign-in page, 401 for background calls, 200 when public
    pupil         Emma, a pupil of Alice's school     404 for what is not hers
    member        Bob, member of Alice's school       403 where an administrator is needed
    admin         Alice, administrator of the school
    other_admin   Charlie, administrator of another   404 for all that is Alice's, as if it did not exist
    staff         Stan, of the staff, without an open staff session

One row per route and method. ``ids`` says which of the cast's ids fill the address: ``{"organization": "school"}`` takes
``cast.ids["school"]``. A POST row is sent empty (or with ``data``): what matters is who gets past the door.
``tests/house/test_who_may.py`` fails when a route has no row, when a row has no route, and when an answer differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("nobody", "pupil", "member", "admin", "other_admin", "staff")


@dataclass(frozen=True)
class Row:
    """One route and method, and the status that each role gets (in the order of ``ROLES``)."""

    route: str
    codes: tuple[int, int, int, int, int, int]
    ids: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    data: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route}{self.query}"


def all_see(route: str, **ids: str) -> Row:
    """A page open to everybody."""
    return Row(route, (200, 200, 200, 200, 200, 200), ids)


def signed_in(route: str, **ids: str) -> Row:
    """A page for anyone who is signed in."""
    return Row(route, (302, 200, 200, 200, 200, 200), ids)


def team(route: str, **ids: str) -> Row:
    """A page of Alice's school for its team."""
    return Row(route, (302, 404, 200, 200, 404, 404), ids)


def admins(route: str, **ids: str) -> Row:
    """A page of Alice's school for its administrators."""
    return Row(route, (302, 404, 403, 200, 404, 404), ids)


def own(route: str, code: int = 200, method: str = "GET", /, **ids: str) -> Row:
    """What is Emma's alone: 404 for everybody else who is signed in."""
    return Row(route, (302, code, 404, 404, 404, 404), ids, method)


def team_rows(face: str, space: Mapping[str, str]) -> list[Row]:
    """The team's pages, the same in Orga and in Certif; Bob is a member of both."""
    mate, sent = {**space, "person": "bob"}, {**space, "invitation": "nothing"}
    return [
        team(f"{face}:team", **space),
        admins(f"{face}:team-invitations", **space),
        admins(f"{face}:team-invite", **space),
        Row(f"{face}:team-invite", (302, 404, 403, 422, 404, 404), space, "POST"),
        Row(f"{face}:team-invitation-resend", (302, 404, 403, 404, 404, 404), sent, "POST"),
        Row(f"{face}:team-invitation-cancel", (302, 404, 403, 404, 404, 404), sent, "POST"),
        team(f"{face}:team-leave", **space),
        Row(f"{face}:team-leave", (302, 404, 302, 409, 404, 404), space, "POST"),
        admins(f"{face}:team-role", **mate),
        Row(f"{face}:team-role", (302, 404, 403, 400, 404, 404), mate, "POST"),
        admins(f"{face}:team-remove", **mate),
        Row(f"{face}:team-remove", (302, 404, 403, 302, 404, 404), mate, "POST"),
        Row(f"{face}:switch", (302, 404, 302, 302, 404, 404), space, "POST"),
    ]


RUN = {"run": "run"}
SPACE = {"organization": "school"}
CAMPAIGN = {**SPACE, "campaign": "campaign"}

WHO_MAY: list[Row] = [
    # --- public
    Row("public:welcome", (200, 302, 302, 302, 302, 302)),
    Row("public:spaces", (302, 302, 302, 302, 302, 302)),
    all_see("public:healthz"),
    all_see("public:readyz"),
    Row("account_login", (200, 302, 302, 302, 302, 302)),
    Row("account_signup", (200, 302, 302, 302, 302, 302)),
    Row("account_logout", (302, 200, 200, 200, 200, 200)),
    all_see("account_email_verification_sent"),
    all_see("account_confirm_email", key="inconnue"),
    all_see("account_inactive"),
    # --- public: recovery, legal pages, language
    Row("public:language", (302, 302, 302, 302, 302, 302), method="POST", data={"language": "fr"}),
    all_see("public:recovery"),
    Row("public:recovery", (422, 422, 422, 422, 422, 422), method="POST"),
    Row("public:recovery-address", (302, 302, 302, 302, 302, 302)),
    Row("public:recovery-address", (302, 302, 302, 302, 302, 302), method="POST"),
    all_see("public:recovery-sent"),
    Row("public:recovery-key", (404, 404, 404, 404, 404, 404), {"key": "inconnue"}),
    Row("public:recovery-key", (404, 404, 404, 404, 404, 404), {"key": "inconnue"}, "POST"),
    all_see("public:notice"),
    all_see("public:privacy"),
    all_see("public:legal-terms"),
    all_see("public:accessibility"),
    all_see("public:contact"),
    all_see("public:site-map"),
    # --- accounts: passwords
    # --- accounts: terms, passwords
    signed_in("public:terms"),
    Row("public:terms", (302, 302, 302, 302, 302, 302), method="POST", data={"accepter": "on"}),
    all_see("account_reset_password"),
    all_see("account_reset_password_done"),
    all_see("account_reset_password_from_key_done"),
    all_see("account_reset_password_from_key", uidb36="1", key="inconnue"),
    Row("account_choose_password", (302, 302, 302, 302, 302, 302)),
    Row("account_choose_password", (403, 403, 403, 403, 403, 403), method="POST"),
    # --- public: the médiacentre (nothing answers where no provider is set)
    all_see("public:saml-metadata"),
    Row("public:saml-connect", (404, 404, 404, 404, 404, 404)),
    Row("public:saml-acs", (404, 404, 404, 404, 404, 404), method="POST"),
    all_see("public:signed-out"),
    # --- public: OpenID Connect (no provider is set here)
    Row("openid_connect_login", (404, 404, 404, 404, 404, 404), {"provider_id": "fwb"}),
    Row("openid_connect_callback", (404, 404, 404, 404, 404, 404), {"provider_id": "fwb"}),
    Row("openid_connect_callback", (404, 404, 404, 404, 404, 404), {"provider_id": "fwb"}, "POST"),
    Row("public:openid-account", (404, 404, 404, 404, 404, 404), {"provider_id": "fwb"}),
    Row("public:openid-account", (404, 404, 404, 404, 404, 404), {"provider_id": "fwb"}, "POST"),
    # --- app
    signed_in("app:home"),
    signed_in("app:runs"),
    signed_in("app:competences"),
    all_see("app:code"),
    own("app:resume", 302, **RUN),
    own("app:tutorial", **RUN),
    own("app:tutorial", 302, "POST", **RUN),
    own("app:question", run="run", rank="3"),
    own("app:question", 302, run="run", rank="1"),
    Row("app:answer", (302, 302, 404, 404, 404, 404), {"run": "run", "rank": "3"}, "POST", {"passer": "1"}),
    own("app:file", 404, run="run", rank="3", number="7"),
    own("app:focus-lost", 204, "POST", run="run", rank="3"),
    own("app:report", 422, "POST", run="run", rank="3"),
    own("app:checkpoint", **RUN),
    own("app:correction", run="run", rank="1"),
    own("app:results", 409, **RUN),
    own("app:share", 409, "POST", **RUN),
    # --- app: the way in
    Row("app:code", (422, 422, 422, 422, 422, 422), query="?code="),
    Row("app:entrance", (302, 302, 302, 302, 302, 302), {"code": "code"}),
    Row("app:landing", (302, 302, 302, 302, 302, 302), {"code": "code"}),
    Row("app:start", (302, 302, 302, 302, 302, 302), {"code": "code"}, "POST"),
    Row("app:access", (200, 302, 302, 302, 302, 302), {"code": "code"}),
    Row("app:join", (200, 302, 200, 200, 200, 200), {"code": "code"}),
    Row("app:join", (422, 422, 422, 422, 422, 422), {"code": "code"}, "POST"),
    Row("app:register", (302, 302, 302, 302, 302, 302), {"code": "code"}),
    Row("app:mediacentre", (302, 302, 302, 302, 302, 302), {"code": "code"}),
    Row("app:mediacentre", (302, 302, 302, 302, 302, 302), {"code": "code"}, "POST"),
    Row("app:mediacentre-account", (302, 302, 302, 302, 302, 302), {"code": "code"}, "POST"),
    Row("app:forget", (302, 302, 302, 302, 302, 302), method="POST"),
    Row("app:register", (302, 302, 302, 302, 302, 302), {"code": "code"}, "POST"),
    # --- app: second factors
    Row("mfa_authenticate", (302, 302, 302, 302, 302, 302)),
    signed_in("account_reauthenticate"),
    Row("mfa_reauthenticate", (302, 302, 302, 302, 302, 200)),
    signed_in("mfa_index"),
    Row("mfa_activate_totp", (302, 302, 302, 302, 302, 302)),
    Row("mfa_deactivate_totp", (302, 404, 404, 404, 404, 302)),
    Row("mfa_view_recovery_codes", (302, 404, 404, 404, 404, 404)),
    Row("mfa_generate_recovery_codes", (302, 302, 302, 302, 302, 302)),
    Row("mfa_reauthenticate_webauthn", (302, 302, 302, 302, 302, 302)),
    Row("mfa_add_webauthn", (302, 302, 302, 302, 302, 302)),
    Row("mfa_add_webauthn", (302, 302, 302, 302, 302, 302), method="POST"),
    Row("mfa_edit_webauthn", (302, 302, 302, 302, 302, 302), {"pk": "1"}),
    Row("mfa_edit_webauthn", (302, 302, 302, 302, 302, 302), {"pk": "1"}, "POST"),
    Row("mfa_remove_webauthn", (302, 302, 302, 302, 302, 302), {"pk": "1"}),
    Row("mfa_remove_webauthn", (302, 302, 302, 302, 302, 302), {"pk": "1"}, "POST"),
    Row("account_decline_factor", (302, 302, 302, 302, 302, 302), method="POST"),
    # --- app: my account
    signed_in("app:account"),
    signed_in("app:account-password"),
    Row("app:account-password", (302, 422, 422, 422, 422, 422), method="POST"),
    Row("app:account-email", (302, 403, 200, 200, 200, 200)),
    Row("app:account-email", (302, 403, 422, 422, 422, 422), method="POST"),
    Row("app:account-email-code", (302, 302, 302, 302, 302, 302)),
    Row("app:account-email-code", (302, 403, 403, 403, 403, 403), method="POST"),
    Row("app:account-sign-ins", (302, 404, 404, 404, 404, 404), method="POST"),
    Row("app:account-data", (302, 302, 302, 302, 302, 302), method="POST"),
    Row("app:account-data-file", (302, 404, 404, 404, 404, 404), {"export": "nothing"}),
    signed_in("app:account-delete"),
    Row("app:account-delete", (302, 422, 422, 422, 422, 422), method="POST"),
    # --- orga: the space and its roll
    Row("orga:enter", (302, 403, 302, 302, 302, 403)),
    team("orga:home", **SPACE),
    team("orga:pupils", **SPACE),
    team("orga:pupil", **SPACE, pupil="pupil"),
    admins("orga:import", **SPACE),
    admins("orga:import-state", **SPACE),
    Row("orga:import-upload", (302, 404, 403, 422, 404, 404), SPACE, "POST"),
    Row("orga:import-confirm", (302, 404, 403, 404, 404, 404), {**SPACE, "imported": "nothing"}, "POST"),
    Row("orga:import-abandon", (302, 404, 403, 404, 404, 404), {**SPACE, "imported": "nothing"}, "POST"),
    Row("orga:import-errors", (302, 404, 403, 404, 404, 404), {**SPACE, "imported": "nothing"}),
    Row("orga:import-errors-csv", (302, 404, 403, 404, 404, 404), {**SPACE, "imported": "nothing"}),
    Row("orga:import-undo", (302, 404, 403, 404, 404, 404), {**SPACE, "imported": "nothing"}, "POST"),
    Row("orga:import-keep-valid", (302, 404, 403, 404, 404, 404), {**SPACE, "imported": "nothing"}, "POST"),
    # --- the ways into a team
    all_see("public:activation"),
    Row("public:activation", (422, 422, 422, 422, 422, 422), method="POST"),
    Row("public:activation-sent", (302, 302, 302, 302, 302, 302)),
    all_see("public:activation-rights"),
    all_see("public:ways-in"),
    Row("public:join", (404, 404, 404, 404, 404, 404)),
    Row("public:join-accept", (302, 404, 404, 404, 404, 404), method="POST"),
    Row("public:join-other", (404, 404, 404, 404, 404, 404), method="POST"),
    Row("public:join-sign-in", (404, 404, 404, 404, 404, 404), method="POST"),
    Row("public:join-register", (404, 404, 404, 404, 404, 404), method="POST"),
    # --- orga and certif: the team
    *(
        row
        for face, space, here in (("orga", "organization", "school"), ("certif", "centre", "centre"))
        for row in team_rows(face, {space: here})
    ),
    Row("certif:enter", (302, 403, 302, 302, 302, 403)),
    team("certif:home", centre="centre"),
    # --- the staff
    Row("admin:activations", (302, 404, 404, 404, 404, 200)),
    Row("admin:activation-handled", (302, 404, 404, 404, 404, 404), {"demand": "nothing"}, "POST"),
    Row("admin:providers", (302, 404, 404, 404, 404, 200)),
    Row("admin:providers", (302, 404, 404, 404, 404, 422), method="POST"),
    Row("admin:provider-state", (302, 404, 404, 404, 404, 404), {"key": "fwb"}, "POST"),
    # --- the staff: accounts, schools, journal
    *(
        Row(route, (302, 404, 404, 404, 404, code), ids, method)
        for route, code, ids, method in (
            ("admin:accounts", 200, {}, "GET"),
            ("admin:accounts", 422, {}, "POST"),
            ("admin:account", 200, {"account": "bob"}, "GET"),
            ("admin:account-open", 302, {"account": "bob"}, "POST"),
            ("admin:account-reveal", 200, {"account": "bob"}, "POST"),
            ("admin:account-act", 302, {"account": "bob", "act": "debloquer"}, "GET"),
            ("admin:account-act", 422, {"account": "bob", "act": "debloquer"}, "POST"),
            ("admin:account-act", 422, {"account": "bob", "act": "mot-de-passe"}, "POST"),
            ("admin:account-act", 422, {"account": "bob", "act": "copie"}, "POST"),
            ("admin:account-act", 422, {"account": "bob", "act": "effacer"}, "POST"),
            ("admin:account-act", 404, {"account": "bob", "act": "autre"}, "POST"),
            ("admin:account-method", 302, {"account": "bob", "provider": "GAR", "act": "retirer"}, "GET"),
            ("admin:account-method", 422, {"account": "bob", "provider": "GAR", "act": "retirer"}, "POST"),
            ("admin:account-method", 422, {"account": "bob", "provider": "GAR", "act": "deplacer"}, "POST"),
            ("admin:account-unlink", 302, {"account": "bob", "school": "school"}, "GET"),
            ("admin:account-unlink", 422, {"account": "bob", "school": "school"}, "POST"),
            ("admin:schools", 200, {}, "GET"),
            ("admin:school", 200, {"school": "school"}, "GET"),
            ("admin:school-correct", 200, {"school": "school"}, "GET"),
            ("admin:school-correct", 422, {"school": "school"}, "POST"),
            ("admin:school-archive", 200, {"school": "school"}, "GET"),
            ("admin:school-archive", 422, {"school": "school"}, "POST"),
            ("admin:school-reopen", 302, {"school": "school"}, "GET"),
            ("admin:school-reopen", 302, {"school": "school"}, "POST"),
            ("admin:reports", 200, {}, "GET"),
            ("admin:report-handled", 404, {"question": "1.1.2-N1-a"}, "POST"),
            ("admin:journal", 200, {}, "GET"),
        )
    ),
    # --- orga: certifiability
    team("orga:certifiability", **SPACE),
    # --- orga: pupils' accounts, files and sheets
    team("orga:pupil-account", **SPACE, pupil="pupil"),
    Row("orga:pupil-username", (302, 404, 403, 403, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    Row("orga:pupil-password", (302, 404, 200, 200, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    Row("orga:pupil-unblock", (302, 404, 302, 302, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    admins("orga:pupil-name", **SPACE, pupil="pupil"),
    Row("orga:pupil-name", (302, 404, 403, 422, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    team("orga:pupils-export", **SPACE),
    team("orga:pupils-sheet", **SPACE),
    team("orga:pupils-cards", **SPACE),
    team("orga:pupil-passwords", **SPACE),
    Row("orga:pupil-passwords", (302, 404, 422, 422, 404, 404), SPACE, "POST"),
    # --- orga: doubles and provisional pupils
    admins("orga:pupil-new", **SPACE),
    Row("orga:pupil-new", (302, 404, 403, 422, 404, 404), SPACE, "POST"),
    admins("orga:doubles", **SPACE),
    admins("orga:doubles-count", **SPACE),
    admins("orga:doubles-provisional", **SPACE),
    admins("orga:doubles-decided", **SPACE),
    Row("orga:doubles-undo", (302, 404, 403, 404, 404, 404), {**SPACE, "repair": "nothing"}, "POST"),
    Row("orga:doubles-detach", (302, 404, 403, 302, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    Row("orga:doubles-keep-account", (302, 404, 403, 302, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    Row("orga:doubles-remove", (302, 404, 403, 409, 404, 404), {**SPACE, "pupil": "pupil"}, "POST"),
    Row("orga:doubles-compare", (302, 404, 403, 404, 404, 404), {**SPACE, "one": "pupil", "other": "nothing"}),
    Row("orga:doubles-merge", (302, 404, 403, 404, 404, 404), {**SPACE, "one": "pupil", "other": "nothing"}, "POST"),
    Row(
        "orga:doubles-different", (302, 404, 403, 404, 404, 404), {**SPACE, "one": "pupil", "other": "nothing"}, "POST"
    ),
    # --- orga: campaigns
    team("orga:campaigns", **SPACE),
    team("orga:campaign-new", **SPACE),
    Row("orga:campaign-new", (302, 404, 422, 422, 404, 404), SPACE, "POST"),
    team("orga:campaign-journey", **SPACE, code="5e"),
    team("orga:campaign", **CAMPAIGN),
    team("orga:campaign-results", **CAMPAIGN),
    team("orga:campaign-settings", **CAMPAIGN),
    team("orga:campaign-code", **CAMPAIGN),
    team("orga:campaign-export", **CAMPAIGN, format="csv"),
    team("orga:campaign-participant", **CAMPAIGN, participation="participation"),
    admins("orga:campaign-edit", **CAMPAIGN),
    Row("orga:campaign-edit", (302, 404, 403, 422, 404, 404), CAMPAIGN, "POST"),
    Row("orga:campaign-archive", (302, 404, 403, 302, 404, 404), CAMPAIGN, "POST"),
    # --- demo: served in the demonstration only
    all_see("demo:start"),
    all_see("demo:ent"),
    Row("demo:ent", (404, 404, 404, 404, 404, 404), method="POST"),
    Row("demo:ent-connect", (404, 404, 404, 404, 404, 404)),
    Row("demo:enter", (404, 404, 404, 404, 404, 404), method="POST"),
    all_see("demo:sample", name="college-0999001A.zip"),
    all_see("demo:outbox"),
    Row("demo:mail", (404, 404, 404, 404, 404, 404), {"mail": "nothing"}),
    Row("demo:clock", (404, 404, 404, 404, 404, 404), method="POST"),
    all_see("demo:gallery"),
]
