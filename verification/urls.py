"""Addresses of what people decide about houses."""

from django.urls import path

from .views import (
    answers,
    case_clock,
    case_opening,
    case_photos,
    cases,
    delegates,
    forms31,
    letters,
    my_community,
    offline,
    paper,
    proposals,
    rechecks,
    review,
    rounds,
    struck_houses,
    visit_planning,
    visits,
)

app_name = "verification"

urlpatterns = [
    # the president's review
    path("my-community/", my_community.my_community, name="my_community"),
    path("review/", review.my_review, name="my_review"),
    path("review/<int:pk>/", review.review_page, name="review"),
    path("review/<int:pk>/pledge/", review.review_pledge, name="review_pledge"),
    path("review/<int:pk>/say/", review.review_say, name="review_say"),
    path("review/<int:pk>/take-back/", review.review_take_back, name="review_take_back"),
    path("review/<int:pk>/rest/", review.review_rest, name="review_rest"),
    path("review/<int:pk>/missing/", review.review_missing, name="review_missing"),
    path("review/<int:pk>/sign/", review.review_sign, name="review_sign"),
    path("review/<int:pk>/photos/<int:photo>/", review.review_photo, {"picture": "file"}, name="review_photo"),
    path(
        "review/<int:pk>/photos/<int:photo>/small/",
        review.review_photo,
        {"picture": "thumbnail"},
        name="review_photo_small",
    ),
    # the review without a signal
    path("review-worker.js", offline.worker, name="review_worker"),
    path("review/whose/", offline.whose, name="review_whose"),
    path("review/<int:pk>/send/", offline.send, name="review_send"),
    # lists on paper
    path("rounds/paper/<int:pk>/", paper.paper_list, name="paper_list"),
    path("rounds/paper/<int:pk>/slip/", paper.paper_slip, name="paper_slip"),
    # rounds
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/open/", rounds.round_open, name="round_open"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/extend/", rounds.round_extend, name="round_extend"),
    path("rounds/<int:pk>/close/", rounds.round_close, name="round_close"),
    path("rounds/<int:pk>/reminders/", rounds.reminders_due, name="reminders_due"),
    path("rounds/<int:pk>/reminders/sent/", rounds.reminders_sent, name="reminders_sent"),
    # what stands out, and what is checked again
    path("rounds/<int:pk>/findings/", rechecks.findings, name="findings"),
    path("rounds/<int:pk>/findings/draw/", rechecks.sample_draw, name="sample_draw"),
    path("rechecks/", rechecks.rechecks, name="rechecks"),
    path("rechecks/<int:pk>/", rechecks.recheck, name="recheck"),
    path("rechecks/houses/<int:pk>/", rechecks.recheck_record, name="recheck_record"),
    # delegates
    path("review/<int:pk>/delegate/", delegates.review_delegate, name="review_delegate"),
    path("delegates/", delegates.delegates, name="delegates"),
    path("delegates/<int:pk>/accept/", delegates.delegate_accept, name="delegate_accept"),
    path("delegates/<int:pk>/refuse/", delegates.delegate_refuse, name="delegate_refuse"),
    path("delegates/<int:pk>/end/", delegates.delegate_end, name="delegate_end"),
    # letters, house lists, certificates
    path("rounds/<int:pk>/letters/", letters.letters, name="letters"),
    path("rounds/<int:pk>/letters/join/", letters.letters_join, name="letters_join"),
    path("rounds/<int:pk>/letters/<int:review>/", letters.letter_make, name="letter_make"),
    path("rounds/lists/<int:pk>/", letters.house_list, name="house_list"),
    path("review/<int:pk>/certificate/", letters.certificate_pdf, name="certificate_pdf"),
    path("certificate/<slug:code>/", letters.certificate, name="certificate"),
    # answers and appeals
    path("answers/", answers.answers, name="answers"),
    path("answers/alike/", answers.answer_many, name="answer_many"),
    path("answers/<int:pk>/", answers.answer_give, name="answer_give"),
    path("answers/photos/<int:pk>/", answers.answer_photo, {"picture": "file"}, name="answer_photo"),
    path("answers/photos/<int:pk>/small/", answers.answer_photo, {"picture": "thumbnail"}, name="answer_photo_small"),
    path("review/<int:pk>/appeal/<int:given>/", answers.review_appeal, name="review_appeal"),
    # cases
    path("cases/", cases.cases, name="cases"),
    path("cases/moves/", cases.case_moves, name="case_moves"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/move/", cases.case_move, name="case_move"),
    path("cases/<int:pk>/request/", cases.case_request, name="case_request"),
    # how long cases take, and what was struck off
    path("cases/late/", case_clock.cases_late, name="cases_late"),
    path("struck-houses/", struck_houses.struck_houses, name="struck_houses"),
    path("struck-houses/export/", struck_houses.struck_houses_export, name="struck_houses_export"),
    # proposals and their decision
    path("cases/<int:pk>/residents/", proposals.residents_state, name="residents_state"),
    path("cases/<int:pk>/propose/", proposals.proposal_make, name="proposal_make"),
    path("proposals/<int:pk>/approve/", proposals.proposal_approve, name="proposal_approve"),
    path("proposals/<int:pk>/send-back/", proposals.proposal_send_back, name="proposal_send_back"),
    path("cases/events/<int:pk>/", proposals.alike, name="cases_alike"),
    path("cases/events/<int:pk>/propose/", proposals.alike_propose, name="alike_propose"),
    path("cases/events/<int:pk>/approve/", proposals.alike_approve, name="alike_approve"),
    # visits
    path("visits/", visits.visits, name="visits"),
    path("visits/plan/", visit_planning.visit_plan, name="visit_plan"),
    path("visits/<int:pk>/", visits.visit_list, name="visit_list"),
    path("visits/<int:pk>/team/", visit_planning.visit_team, name="visit_team"),
    path("visits/<int:pk>/carry-over/", visit_planning.visit_carry_over, name="visit_carry_over"),
    path("visits/<int:pk>/print/", visits.visit_print, name="visit_print"),
    path("visits/<int:pk>/events/<int:event>/", visits.visit_alike, name="visit_alike"),
    path("visits/stops/<int:pk>/", visits.visit_stop, name="visit_stop"),
    path("visits/stops/<int:pk>/off/", visit_planning.visit_take_off, name="visit_take_off"),
    # photos of cases
    path("cases/photos.zip", case_photos.month_photos_zip, name="month_photos_zip"),
    path("cases/<int:pk>/photos/", case_photos.case_photos, name="case_photos"),
    path("cases/<int:pk>/photos.zip", case_photos.case_photos_zip, name="case_photos_zip"),
    path("cases/<int:pk>/photos/<int:photo>/", case_photos.case_photo, {"picture": "file"}, name="case_photo"),
    path(
        "cases/<int:pk>/photos/<int:photo>/small/",
        case_photos.case_photo,
        {"picture": "thumbnail"},
        name="case_photo_small",
    ),
    # form TR.31
    path("cases/form31-wording/", forms31.form31_wording, name="form31_wording"),
    path("cases/<int:pk>/form31/", forms31.form31, name="form31"),
    path("cases/<int:pk>/form31/print/", forms31.form31_print, name="form31_print"),
    path("cases/<int:pk>/form31/paper/", forms31.form31_paper, name="form31_paper"),
    path("cases/<int:pk>/form31/signed/", forms31.form31_signed, name="form31_signed"),
    path("cases/<int:pk>/form31/scan/", forms31.form31_scan, name="form31_scan"),
    path("cases/<int:pk>/form31/number/", forms31.form31_reveal, name="form31_reveal"),
    # opening cases, and what their reporters are told
    path("cases/open/", case_opening.case_open, name="case_open"),
    path("cases/events/open/", case_opening.occurrence_open, name="occurrence_open"),
    path("cases/<int:pk>/receipt/", case_opening.case_receipt, name="case_receipt"),
    path("receipt/", case_opening.receipt, name="receipt"),
    path("my-cases/", case_opening.my_cases, name="my_cases"),
]
