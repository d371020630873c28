"""Permissions (P), files (F), hostile texts and requests (H), personal data (D), operation (O)."""

from tests.checklist.rows import row

PERMISSIONS = {
    "P1": row(
        "every page, every role, by the raw protocol: the table of permissions and nothing else",
        "browser/test_protocol.py::test_nobody_reaches_a_page_outside_his_menu",
        "pages/test_page_matrix.py::test_a_page_opens_for_whom_the_table_says_and_shows_nothing_of_strangers",
        "test_architecture.py::test_every_page_file_is_in_the_menu_once_and_every_row_has_its_file",
    ),
    "P2": row(
        "every service, every role, things of others: refused, nothing changed, and the try is in the log",
        "services/test_permission_matrix.py::test_everybody_reaches_what_the_table_says_and_nothing_else",
        "services/test_permission_matrix.py::test_every_function_that_a_click_can_reach_stands_in_the_table",
        "web/test_file_matrix.py::test_a_file_is_there_for_whom_its_service_says_and_for_nobody_else",
        "web/test_file_matrix.py::test_an_export_is_made_for_its_makers_of_what_is_theirs",
        "web/test_refusals.py::test_a_click_for_what_is_not_his_is_noted_with_its_number",
        "web/test_refusals.py::test_a_file_of_somebody_else_is_not_there_and_the_try_is_noted",
        "services/test_refusals.py::test_a_flood_does_not_drown_the_log",
        "test_architecture.py::test_a_query_on_personal_data_starts_in_the_actors_scope",
    ),
    "P3": row(
        "who acts is asked for in every run; nothing is drawn in a transaction; nothing personal in a cache; no HTML",
        "test_architecture.py::test_every_rule_holds_in_the_product",
        "test_architecture.py::test_every_rule_catches_its_offender",
    ),
}

FILES = {
    "F1": row(
        "hostile files are refused or disarmed",
        "services/test_evidence_files.py::test_a_bad_file_is_refused_with_its_reason",
        "services/test_evidence_files.py::test_nothing_that_acts_or_hides_is_left_in_a_pdf",
        "services/test_spreadsheets.py::test_a_suspicious_archive_is_refused",
        "fuzz/test_uploads.py::test_evidence_is_let_in_clean_or_refused",
        "fuzz/test_uploads.py::test_every_file_is_refused_or_let_in_through_every_door",
    ),
    "F2": row(
        "uploads of strangers, into other pages, too many or of no stated length are refused",
        "web/test_uploads.py::test_nobody_uploads_without_signing_in",
        "web/test_uploads.py::test_a_file_goes_into_no_other_page",
        "web/test_uploads.py::test_an_account_sends_so_much_an_hour_and_no_more",
        "web/test_uploads.py::test_a_file_says_how_long_it_is",
    ),
    "F3": row(
        "a file is for its owner and who decides, and does not exist for anybody else",
        "web/test_routes.py::test_evidence_is_for_its_owner_and_the_deciding_reviewer",
        "web/test_routes.py::test_evidence_is_closed_after_the_sign_out",
        "web/test_routes.py::test_a_download_is_kept_nowhere_guessed_by_nobody_and_run_by_nothing",
    ),
    "F4": row(
        "pictures of Streamlit's store are for known browsers and never kept",
        "web/test_gate.py::test_a_media_file_is_only_for_known_browsers_and_never_kept",
    ),
    "F5": row(
        "an export is made anew for whoever asks, and kept nowhere",
        "web/test_exports.py::test_a_download_is_kept_nowhere_guessed_by_nobody_and_run_by_nothing",
    ),
    "F6": row(
        "cells that a spreadsheet would calculate are quoted text",
        "services/test_workbooks.py::test_what_looks_like_a_formula_is_quoted_text",
        "services/test_flat_files.py::test_what_a_spreadsheet_would_calculate_is_text_in_cells_and_titles",
    ),
    "F7": row(
        "no file name breaks out of its header",
        "web/test_routes.py::test_no_file_name_breaks_out_of_its_header",
        "services/test_evidence_files.py::test_a_name_loses_what_is_invisible_or_dangerous",
    ),
    "F8": row(
        "a known virus is refused, and everything while the scanner is down",
        "services/test_scanning.py::test_a_known_virus_is_refused",
        "services/test_scanning.py::test_a_scanner_that_is_down_lets_nothing_in",
    ),
}

REQUESTS = {
    "H1": row(
        "every response carries the headers, under TLS those of TLS; no page breaks its policy",
        "web/test_gate.py::test_every_response_carries_the_security_headers",
        "web/test_gate.py::test_under_tls_every_response_says_so",
        "web/test_gate.py::test_no_script_runs_but_those_of_the_index_page",
    ),
    "H2": row(
        "a connection from another site is refused before anything is looked up",
        "web/test_gate.py::test_a_connection_from_another_site_or_from_none_is_refused",
    ),
    "H3": row(
        "what Streamlit offers besides the application does not exist",
        "web/test_gate.py::test_what_streamlit_offers_besides_the_application_does_not_exist",
    ),
    "H4": row(
        "texts with Markdown or HTML in them are only texts, on every page",
        "browser/test_every_page.py::test_evil_texts_are_only_texts_and_no_number_is_sent",
        "browser/test_hostile_texts.py::test_a_hostile_text_is_only_a_text",
        "fuzz/test_addresses.py::test_no_value_in_an_address_breaks_a_page",
        "fuzz/test_requests.py::test_every_request_is_answered",
    ),
    "H5": row(
        "an error shows a number, and the log no personal data",
        "web/test_gate.py::test_an_error_shows_a_number_alone_and_the_log_no_personal_data",
        "web/test_start.py::test_the_user_gets_a_number_and_the_log_gets_no_personal_data",
    ),
}

PERSONAL_DATA = {
    "D1": row(
        "neither tables nor events nor logs nor backups hold an ID number, a password or a token",
        "services/test_registration.py::test_no_table_holds_id_number_password_or_token",
        "services/test_registration.py::test_no_event_holds_id_number_or_password",
        "services/backups/test_backups.py::test_the_secret_key_is_not_in_it",
        "web/test_start.py::test_what_libraries_log_of_an_error_holds_no_personal_data_either",
    ),
    "D2": row(
        "full ID numbers are sent to who asks for them and may, and are in no other frame or answer",
        "browser/test_every_page.py::test_evil_texts_are_only_texts_and_no_number_is_sent",
        "browser/test_protocol.py::test_an_id_number_is_sent_when_its_owner_asks_for_it_and_never_else",
    ),
    "D3": row(
        "a wrong or taken ID number is refused without telling whose",
        "services/test_registration.py::test_a_malformed_id_number_is_refused_with_the_reason",
        "services/test_registration.py::test_a_taken_id_number_is_refused_without_telling_whose",
    ),
    "D4": row(
        "sign-ins, locks, passwords, roles, reveals, decisions, exports and downloads are in a log that nobody changes",
        "services/test_sign_in.py::test_each_failure_is_logged_with_its_reason_and_address",
        "services/test_people.py::test_the_own_number_is_shown_and_the_look_is_recorded_without_it",
        "services/test_progress.py::test_an_export_is_recorded",
        "web/test_downloads.py::test_a_file_that_leaves_is_in_the_log_and_one_that_is_looked_at_has_not_left",
        "test_migrations.py::test_no_statement_changes_an_event",
        "test_migrations.py::test_no_statement_empties_or_replaces_events",
    ),
    "D5": row(
        "old events stay whole",
        "services/test_housekeeping.py::test_sessions_go_thirty_days_after_they_ended_or_expired",
        "test_migrations.py::test_no_statement_empties_or_replaces_events",
    ),
    "D6": row(
        "everything about somebody is handed out, and after the end only what must stay is left",
        "services/test_personal_archive.py::test_every_table_that_refers_to_somebody_is_handed_out_or_has_its_reason",
        "services/test_closing.py::test_what_is_known_about_him_is_found_nowhere_but_in_the_log",
        "services/test_closing_races.py::test_what_is_on_its_way_is_in_the_way_or_forgotten_with_the_rest",
    ),
}

OPERATION = {
    "O1": row(
        "a backup comes back with all rows and files, and people sign in",
        "services/backups/test_backups.py::test_all_rows_and_files_come_back_on_either_database",
        "services/backups/test_backups.py::test_everybody_has_to_sign_in_again",
    ),
    "O2": row(
        "a decision that is cut off, doubled or left was taken once or not at all",
        "browser/test_restart.py::test_a_decision_that_is_cut_off_was_taken_once_or_not_at_all",
        "browser/test_restart.py::test_a_decision_whose_page_is_closed_at_once_was_taken_once_or_not_at_all",
        "services/test_claim_races.py::test_a_hurried_reviewer_approves_once",
        "web/test_command.py::test_a_second_click_does_not_take_away_what_follows_the_first",
    ),
    "O3": row(
        "an unsafe environment does not start",
        "test_settings.py::test_an_unsafe_environment_refuses_to_start",
        "web/test_start.py::test_other_machines_come_in_through_tls_or_not_at_all",
        "web/test_start.py::test_a_captcha_with_a_known_answer_stays_on_this_machine",
    ),
    "O4": row(
        "what we use of others and is nobody's promise is still there",
        "web/test_canaries.py::test_the_login_form_takes_the_words_and_the_captcha_that_we_hand_it",
        "web/test_canaries.py::test_the_captcha_that_is_drawn_is_the_one_that_was_laid_ready",
        "web/test_canaries.py::test_the_browser_can_be_sent_elsewhere",
        "web/test_canaries.py::test_the_private_header_becomes_the_identity_of_a_streamlit_session",
        "web/test_canaries.py::test_the_index_page_has_the_one_inline_script_that_the_policy_allows",
    ),
}
