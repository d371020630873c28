"""Signing in (A), limits (L) and sessions (S)."""

from tests.checklist.rows import row

SIGNING_IN = {
    "A1": row(
        "right name, password and captcha open the page; cookie HttpOnly, Lax, bound to the host under TLS, hashed",
        "browser/test_sign_in.py::test_the_session_is_a_cookie_that_no_script_can_read",
        "web/test_routes.py::test_a_ticket_becomes_a_cookie_that_no_script_can_read",
        "web/test_gate.py::test_under_tls_cookies_are_bound_to_the_host_and_browsers_stay_with_tls",
        "services/test_sessions.py::test_the_database_holds_only_the_hash_of_a_token_of_256_bits",
    ),
    "A2": row(
        "a wrong captcha is refused, its picture replaced, its answer never valid again",
        "web/test_captchas.py::test_a_wrong_answer_uses_the_picture_up",
        "browser/test_sign_in.py::test_every_try_brings_a_new_picture",
    ),
    "A3": row(
        "an answer after five minutes is refused",
        "web/test_captchas.py::test_an_answer_after_five_minutes_is_refused",
    ),
    "A4": row(
        "unknown, wrong and suspended get one text in one time",
        "services/test_sign_in.py::test_an_unknown_name_a_wrong_password_and_a_suspended_account_have_one_answer",
        "services/test_sign_in.py::test_an_unknown_name_costs_the_same_work_as_a_wrong_password",
        "browser/test_sign_in.py::test_an_unknown_name_and_a_wrong_password_get_one_answer_and_nothing_typed_is_lost",
    ),
    "A5": row(
        "a wrong password, then the right one with the captcha on the screen: in at once",
        "browser/test_sign_in.py::test_an_unknown_name_and_a_wrong_password_get_one_answer_and_nothing_typed_is_lost",
    ),
    "A6": row(
        "long, Chinese and odd passwords work exactly",
        "services/test_passwords.py::test_every_byte_of_a_password_counts",
        "services/test_passwords.py::test_whatever_is_typed_is_judged_and_nothing_short_is_accepted",
    ),
    "A7": row(
        "a common password, and one made of what is known about the owner, are refused with the reason",
        "services/test_passwords.py::test_a_common_password_is_refused",
        "services/test_passwords.py::test_what_is_known_about_the_owner_is_no_password",
    ),
    "A8": row(
        "seven characters no, eight of two kinds no, fifteen small letters yes",
        "services/test_passwords.py::test_a_short_password_needs_three_kinds_of_characters",
        "services/test_passwords.py::test_a_good_password_is_accepted",
    ),
    "A9": row(
        "names of all peoples are accepted, markup is not",
        "services/test_registration.py::test_names_of_all_peoples_are_accepted",
        "services/test_registration.py::test_what_is_no_name_is_refused",
    ),
    "A10": row(
        "who registers a taken name learns nothing else, and guesses five times an hour",
        "services/test_registration.py::test_a_taken_user_name_is_refused_without_telling_more",
        "services/test_registration.py::test_five_guesses_at_what_is_taken_close_registration_to_an_address_for_an_hour",
    ),
    "A11": row(
        "before the first change of the password there is one page, by whatever way one asks",
        "browser/test_sign_in.py::test_who_must_change_the_password_reaches_nothing_else",
        "browser/test_protocol.py::test_nobody_reaches_a_page_outside_his_menu",
        "web/test_gate.py::test_who_must_change_the_password_is_led_there_from_everywhere",
    ),
    "A12": row(
        "the same password, and one of the last three, are refused",
        "services/test_password_change.py::test_the_same_password_is_refused",
        "services/test_password_change.py::test_the_last_three_are_refused_and_the_fourth_is_not",
    ),
    "A13": row(
        "staff without a second factor has one page; a code works once; wrong ones lock",
        "web/test_navigation.py::test_until_the_second_factor_is_there_there_is_one_page",
        "services/test_sign_in.py::test_a_used_code_is_refused_although_its_time_is_not_over",
        "services/test_sign_in.py::test_five_wrong_codes_lock_for_fifteen_minutes",
    ),
    "A14": row(
        "neither hints nor secrets nor the captcha's answer are sent",
        "web/test_captchas.py::test_the_answer_is_not_readable_in_the_state",
        "browser/test_sign_in.py::test_passwords_of_the_demo_are_not_shown_outside_the_demo",
    ),
}

LIMITS = {
    "L1": row(
        "after five wrong ones the right one is refused too, and the lock is in the log",
        "services/test_throttle.py::test_after_five_wrong_passwords_the_right_one_is_refused_too",
        "services/test_throttle.py::test_the_lock_is_written_down_once",
    ),
    "L2": row(
        "fifteen minutes later it works, and the count begins anew",
        "services/test_throttle.py::test_the_lock_ends_fifteen_minutes_after_the_fifth_failure",
        "services/test_throttle.py::test_a_success_resets_the_count",
    ),
    "L3": row(
        "of twenty-four at once five are judged",
        "services/test_throttle.py::test_twenty_four_simultaneous_tries_lead_to_five_password_checks",
    ),
    "L4": row(
        "tries during the lock do not extend it",
        "services/test_throttle.py::test_tries_during_the_lock_do_not_extend_it",
    ),
    "L5": row(
        "the fifty-first name of one address is refused, other addresses are free",
        "services/test_throttle.py::test_the_fifty_first_name_from_one_address_is_refused_and_other_addresses_are_free",
        "services/test_throttle.py::test_a_locked_account_is_locked_from_every_address",
    ),
    "L6": row(
        "nobody chooses the address he is known by",
        "web/test_gate.py::test_what_a_client_says_about_its_address_is_not_believed",
        "web/test_gate.py::test_a_trusted_proxy_names_the_client_and_earlier_words_are_the_clients_own",
        "fuzz/test_requests.py::test_nobody_chooses_the_address_he_is_known_by",
    ),
    "L7": row(
        "a hundred empty names lock nobody",
        "services/test_throttle.py::test_a_hundred_empty_names_lock_nobody",
    ),
    "L8": row(
        "of fifty who sign in at once a few are judged, and the others work on",
        "services/test_bcrypt.py::test_of_many_who_sign_in_at_once_a_few_are_judged_and_the_others_work_on",
        "services/test_bcrypt.py::test_so_do_those_that_are_refused",
    ),
}

SESSIONS = {
    "S1": row(
        "reload, new tab and deep link stay signed in; a new browser only when it was to be remembered",
        "browser/test_sign_in.py::test_a_reload_a_new_tab_and_a_deep_link_keep_the_user_signed_in",
        "browser/test_sign_in.py::test_a_deep_link_leads_to_its_page_after_the_sign_in",
        "web/test_routes.py::test_the_cookie_outlives_the_browser_only_when_the_database_remembers_it",
    ),
    "S2": row(
        "a changed password ends the other browsers without a click",
        "browser/test_sign_in.py::test_a_password_change_ends_the_other_browser_without_a_click",
        "services/test_password_change.py::test_it_ends_every_other_session_at_once_and_keeps_this_one",
    ),
    "S3": row(
        "who is suspended is out, and before that nothing of an open page works any more",
        "browser/test_sign_in.py::test_an_administrator_suspends_an_account_and_its_browser_is_out_at_once",
        "browser/test_protocol.py::test_a_page_that_is_still_open_does_nothing_once_the_session_has_ended",
        "services/test_sessions.py::test_a_suspended_account_is_out_at_once_with_its_token_unrevoked",
        "web/test_uploads.py::test_nobody_uploads_without_signing_in",
    ),
    "S4": row(
        "after the sign-out neither the copied cookie nor the back button shows anything",
        "browser/test_sign_in.py::test_signing_out_kills_the_cookie_and_back_shows_nothing",
    ),
    "S5": row(
        "half an hour idle, or twelve hours, end a session; the heartbeat is no activity",
        "services/test_sessions.py::test_an_idle_session_ends_after_thirty_minutes",
        "services/test_sessions.py::test_a_used_session_goes_on_and_ends_after_twelve_hours",
        "services/test_sessions.py::test_looking_without_touching_is_no_activity",
    ),
    "S6": row(
        "the name of another one's connection opens nothing",
        "browser/test_protocol.py::test_a_stolen_name_of_a_connection_opens_nothing",
    ),
    "S7": row(
        "a ticket works once, in its browser, for a minute, from our own pages",
        "web/test_routes.py::test_a_ticket_works_once",
        "web/test_routes.py::test_a_ticket_works_only_in_the_browser_that_gave_the_password",
        "web/test_routes.py::test_another_site_cannot_sign_somebody_in",
        "services/test_sign_in.py::test_a_ticket_lives_sixty_seconds",
        "fuzz/test_requests.py::test_no_invented_ticket_becomes_a_session",
    ),
    "S8": row(
        "a second sign-in in one browser ends its first session",
        "services/test_sessions.py::test_signing_in_again_in_one_browser_ends_its_old_session",
    ),
    "S9": row(
        "a changed role counts from the next interaction on",
        "services/test_sessions.py::test_a_role_counts_from_the_next_interaction_on_both_ways",
        "pages/test_page_matrix.py::test_a_role_that_changes_in_the_database_holds_from_the_next_click_on",
        "browser/test_protocol.py::test_who_has_lost_the_role_turns_no_more_pages_of_evidence",
    ),
    "S10": row(
        "nobody is shown anything of anybody else who works at the same moment",
        "browser/test_isolation.py::test_of_thirty_who_work_at_once_nobody_is_shown_anything_of_another",
    ),
    "S11": row(
        "a server that was killed finds its users signed in when it is back, and another one lets them in meanwhile",
        "browser/test_restart.py::test_who_was_signed_in_when_it_was_killed_works_on_when_it_is_back",
        "deploy/test_replicas.py::test_a_process_that_dies_takes_nothing_with_it_and_the_browser_comes_back_by_itself",
    ),
    "S12": row(
        "the signed-in devices are listed, and one of them is signed out",
        "browser/test_sign_in.py::test_one_device_signs_the_others_out",
        "services/test_sessions.py::test_one_listed_device_can_be_signed_out",
    ),
}
