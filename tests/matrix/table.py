"""Every service function that a click can reach, by the permission it asks for, and those that ask for none."""

from services.permissions import Permission

# A line is a module with its functions; one of several permissions is enough.
GUARDED: dict[Permission, str] = {
    Permission.ACCOUNT_MANAGE: """
        accounts: create_account grant reinstate revoke_grant roles_of search suspend
        closing: reopen
    """,
    Permission.ACCOUNT_OWN: """
        accounts: set_language
        closing: close outlook
        notice_board: read take_note
        personal_archive: begin collect permit
        sessions: end_session list_sessions sign_out_others
    """,
    Permission.CERTIFICATE_PRINT: """
        as_of: on
        bound_certificates: obtain take
        certificates: list_mine note_seen obtain read_pdf unprintable
        standing: overview
        transcripts: note_export of_years
    """,
    Permission.CERTIFICATE_REVOKE: """
        certificate_revocation: find revoke
    """,
    Permission.CLAIM_AUDIT: """
        audit_items: accept list_page open_item revoke take_back
        audits: by_employer draw forecast get list_drawn withdraw
        claim_moves: possible_actions
        claims: act
        recognition: possible_actions
    """,
    Permission.CLAIM_RECOGNISE: """
        as_of: on
        bulk_review: approve send_back
        claim_access: visible_ones
        claims: get
        evidence: read
        recognition: offered_divisions open_claim queue
        reviewing: open_claim
    """,
    Permission.CLAIM_REVIEW: """
        bulk_review: approve send_back
        claim_access: visible_ones
        claim_moves: possible_actions
        claims: act get
        evidence: read
        review_queue: counts queue
        reviewing: open_claim possible_decisions
        workload: of_employer
    """,
    Permission.CLAIM_WRITE: """
        claim_access: visible_ones
        claims: act create delete get get_own list_mine list_my_years update
        evidence: attach read remove replace
        obstacles: withdraw_all
        reviewing: open_claim
    """,
    Permission.CLASS_ENROL: """
        class_choice: get list_open why_nothing
        class_files: read
        enrolling: enrol
        enrolment_moves: possible_actions
        enrolment_review: names open_enrolment
        enrolments: act get_accepted get_own list_mine note_seen posted_claims
    """,
    Permission.CLASS_MANAGE: """
        attendance: export of_class register register_rest roster
        attendance_upload: examine take_over
        class_amendments: amend
        class_corrections: correct
        class_files: attach read remove
        class_moves: possible_actions
        class_selection: to_complete to_review
        classes: act copy counts_own create delete get_own list_own list_providers update
        completion: outlook post
        enrolment_moves: possible_actions
        enrolment_review: counts decide names open_enrolment possible_decisions queue
        enrolments: act
    """,
    Permission.CLASS_SUPERVISE: """
        class_files: read
        class_supervision: get list_classes list_providers years
    """,
    Permission.DASHBOARD_VIEW: """
        dashboards: activities children months note_export overview return_rates years
        forecasts: bands employer list_employers newest note_export pages
        people_at_risk: is_noted note page
    """,
    Permission.EVENTS_READ: """
        event_log: check everything note_export search
    """,
    Permission.EXEMPTION_DECIDE: """
        exemption_form: find_people find_person propose years_of
        exemptions: act counts open_exemption queue read_file
    """,
    Permission.EXEMPTION_REQUEST: """
        exemption_form: own_years request
        exemptions: act list_own note_seen open_exemption read_file
    """,
    Permission.IDENTITY_DECIDE: """
        identity_changes: act read_file reveal
        identity_review: counts files_to_judge open_row queue
    """,
    Permission.LEGACY_EXPLORE: """
        exploration_files: keep list_own read
        explored_rows: everything page
        legacy_completion: by_year
        pivots: ask
        saved_questions: delete list_own save
        snapshots: make newest
    """,
    Permission.LEGACY_IMPORT: """
        legacy_access: find list_ rejections systems
        legacy_imports: run set_places try_out
        legacy_reception: receive
        legacy_report: of_part take
        legacy_undo: undo
    """,
    Permission.LEGACY_RECONCILE: """
        legacy_decisions: decide undo
        legacy_totals: list_ years
        missing_records: answer counts get open_report possible_actions queue read_file rows_about
        reconciliation: counts history match_again open_row queue
    """,
    Permission.LEGACY_VIEW: """
        missing_record_form: report
        missing_records: get list_own note_seen open_report possible_actions read_file withdraw
        own_legacy: certificates is_confirmed not_passed periods records take
    """,
    Permission.MISCONDUCT_ANSWER: """
        misconduct: act list_own open_record
        misconduct_files: read
        misconduct_looks: list_own
    """,
    Permission.MISCONDUCT_HANDLE: """
        misconduct: act counts open_record queue
        misconduct_files: read remove
        misconduct_report: claims_to_choose create find_people find_person update
    """,
    Permission.NOTICE_MANAGE: """
        notices: counts draft edit get list_notices take
    """,
    Permission.ORGANISATION_DECIDE: """
        holding_employers: found list_all possible_divisions
        mergers: find_other merge preview
        organisation_changes: counts decide opened queue
        organisations: counts decide open_organisation possible_actions possible_decisions queue
        resemblances: counts opened queue set_status
        reviewers: appoint appoint_new can_manage of remove
    """,
    Permission.ORGANISATION_OWN: """
        organisation_changes: list_own request update_contact withdraw
        organisations: list_own resubmit
        reviewers: appoint appoint_new can_manage of remove
    """,
    Permission.PASSWORD_CHANGE: """
        password_change: change
    """,
    Permission.PASSWORD_RESET: """
        accounts: reset_password
    """,
    Permission.PROFILE_WRITE: """
        bindings: request request_transfer withdraw
        employer_choice: list_holding list_registered
        identity_changes: act own_changes read_file reveal
        identity_requests: correct request
        people: own_profile reveal_own_id_number update_profile
        profile_changes: act own_change
        profile_drafts: drop put remove rewrite
        qualifications: list_entries
    """,
    Permission.RULES_EDIT: """
        activity_rules: history issue list_in_force opened
        requirement_editions: discard draft history list_drafts put_in_force
        requirement_trials: flipping run
        requirements: change_window list_windows
    """,
    Permission.STAFF_CERTIFICATES: """
        staff_certificates: hand_out issue names read
    """,
    Permission.STAFF_CONFIRM: """
        binding_steps: possible_actions
        bindings: confirm end refuse
        identity_changes: act reveal
        identity_review: counts open_row queue
        profile_changes: act counts open_row queue
        qualifications: list_entries
        staff: counts everybody note_export open_member reveal_id_number roster
    """,
    Permission.STAFF_IMPORT: """
        first_passwords: count handouts renew
        import_undo: outlook undo
        imports: examine file_of find keep list_ note_errors rejections run
    """,
    Permission.STAFF_PROGRESS: """
        as_of: on
        forecasts: bands employer list_employers newest note_export pages
        progress: everybody note_export roster totals
        reminders: remind
    """,
    Permission.SYSTEM_WATCH: """
        job_runs: list_runs
        page_times: slowest
        statistics_state: list_runs
        system_state: state
    """,
    Permission.TOTP_ENROL: """
        totp: enrol provisioning_uri
    """,
}

# Nobody needs a permission for these, each with the reason why nothing is lost by it.
UNGUARDED: dict[str, str] = {
    "claim_access.is_owner": "compares two numbers",
    "hour_limits.basis": "sums up the actor's own claims",
    "permissions.require": "is what the others ask",
    "refusals.note": "notes what the actor himself was refused",
    "rulemaking.division_above": "says which office decides about rules, which everybody may know",
    "sessions.needs_touch": "looks at the actor's own session",
    "sessions.sign_out": "ends the actor's own session, whatever stands before his work",
    "sessions.touch": "notes the actor's own session",
    "statistics.run_due": "is the application's own work, started in web/background.py without anybody",
    "to_do.counts": "asks for each kind of work whether the actor has it",
}
# What is given a row is given one that its caller found in the actor's scope, and has no number to look for another.
HANDED: dict[str, str] = {
    "audit_items.refusal_to_check": "says whether a drawn claim is the actor's own work",
    "claim_flags.before_sending": "the claim comes from `claims.get_own`",
    "claim_flags.of_claim": "the claim comes from the queue or from `claims.get`",
    "claim_moves.can_edit": "the claim comes from `claims.get`",
    "enrolling.prospects": "the classes come from `class_choice`; of enrolments only his own are looked for",
    "exemption_moves.possible_actions": "the exemption comes from `exemptions`",
    "exemption_moves.refusal": "the exemption comes from `exemptions`",
    "explanation.closing_what_is_missing": "asks `class_choice` for each category that is missing",
    "identity_changes.possible_actions": "the request comes from `identity_review` or is his own",
    "misconduct_looks.note_case": "the case comes from `misconduct.open_record`",
    "misconduct_looks.unnoted": "the cases come from `misconduct`; it tells which of these numbers he has seen",
    "misconduct_moves.possible_actions": "the case comes from `misconduct`",
    "misconduct_moves.refusal": "the case comes from `misconduct`",
    "misconduct_notes.beside": "the claim comes from the queue or from `claims.get`",
    "misconduct_notes.note_look": "the notes come from `beside`",
    "organisation_changes.possible_decisions": "the change comes from `organisation_changes.opened`",
    "profile_changes.possible_actions": "the change comes from `profile_changes.open_row` or is his own",
    "recognition.refusal": "the claim comes from `recognition.open_claim`",
    "reconciliation.consider": "the row comes from `reconciliation.open_row`",
    "reviewing.background": "the claim comes from `reviewing.open_claim`",
    "stored_files.note_download": "the row comes from the service that has just read its file for him",
}
# Those that are right to answer with nothing in the world of these tests, because it does not hold what they look for.
BARREN = frozenset(
    {
        "certificates.unprintable",
        "closing.outlook",
        "dashboards.return_rates",
        "employer_choice.list_holding",
        "enrolments.posted_claims",
        "first_passwords.count",
        "forecasts.bands",
        "forecasts.list_employers",
        "forecasts.newest",
        "forecasts.pages",
        "holding_employers.list_all",
        "import_undo.outlook",
        "imports.rejections",
        "job_runs.list_runs",
        "legacy_access.rejections",
        "legacy_report.of_part",
        "misconduct_looks.list_own",
        "missing_records.note_seen",
        "own_legacy.not_passed",
        "page_times.slowest",
        "people_at_risk.is_noted",
        "requirement_trials.flipping",
        "snapshots.newest",
        "staff_certificates.issue",
    }
)


def functions() -> dict[str, frozenset[Permission]]:
    """The permissions of which one is needed, by `module.function`; none for those that ask for none."""
    found: dict[str, frozenset[Permission]] = {name: frozenset() for name in UNGUARDED | HANDED}
    for permission, lines in GUARDED.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            module, _, names = line.partition(": ")
            for name in names.split():
                found[f"{module}.{name}"] = found.get(f"{module}.{name}", frozenset()) | {permission}
    return found
