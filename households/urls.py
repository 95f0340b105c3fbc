"""Addresses of the officers' pages: the communities' lists, and the houses."""

from django.urls import path

from .views import (
    aliases,
    batches,
    bench,
    changes,
    claims,
    duplicates,
    finding,
    home,
    house,
    houses,
    lanes,
    life,
    likely,
    lists,
    quality,
    receiving,
    register,
    rows,
    run,
    sharing,
    strays,
    trust,
)

app_name = "households"

urlpatterns = [
    # the officer's home, and how the work is shared out
    path("work/", home.home, name="home"),
    path("work/shared-out/", sharing.work_shared_out, name="work_shared_out"),
    path("work/shared-out/assign/", sharing.work_assign, name="work_assign"),
    path("work/shared-out/annex/", sharing.work_annex, name="work_annex"),
    path("work/shared-out/hand-over/<int:officer>/", sharing.work_hand_over, name="work_hand_over"),
    path("work/shared-out/<int:pk>/end/", sharing.work_end, name="work_end"),
    path("work/shared-out/<int:pk>/take-back/", sharing.work_take_back, name="work_take_back"),
    path("work/shared-out/<int:pk>/restore/", sharing.work_restore, name="work_restore"),
    # the communities' lists and their rows
    path("lists/", lists.lists, name="lists"),
    path("lists/receive/", receiving.list_receive, name="list_receive"),
    path("lists/receive/<str:token>/columns/", receiving.list_columns, name="list_columns"),
    path("lists/receive/<str:token>/lists/", receiving.list_sort, name="list_sort"),
    path("lists/<int:pk>/", lists.house_list, name="list"),
    path("lists/<int:pk>/apply/", lists.list_apply, name="list_apply"),
    path("lists/<int:pk>/likely/", likely.list_likely, name="list_likely"),
    path("lists/<int:pk>/bench/", bench.list_bench, name="list_bench"),
    path("lists/missing/", life.lists_missing, name="lists_missing"),
    path("lists/<int:pk>/findings.xlsx", life.list_findings, name="list_findings"),
    path("lists/<int:pk>/send-back/", life.list_send_back, name="list_send_back"),
    path("lists/<int:pk>/outcomes.csv", lists.list_outcomes, name="list_outcomes"),
    path("rows/<int:pk>/", rows.row, name="row"),
    path("rows/<int:pk>/reopen/", rows.row_reopen, name="row_reopen"),
    # how good lists and tags are
    path("quality/", quality.quality, name="quality"),
    path("quality/rows/", quality.quality_rows, name="quality_rows"),
    path("quality/lists/", quality.quality_lists, name="quality_lists"),
    path("trust/", trust.trust, name="trust"),
    path("trust/draw/", trust.trust_draw, name="trust_draw"),
    path("trust/rows/<int:pk>/", trust.trust_row, name="trust_row"),
    # other names of lanes
    path("aliases/", aliases.aliases, name="aliases"),
    path("aliases/confirm/", aliases.alias_confirm, name="alias_confirm"),
    path("aliases/refuse/", aliases.alias_refuse, name="alias_refuse"),
    path("aliases/<int:pk>/withdraw/", aliases.alias_withdraw, name="alias_withdraw"),
    # what a person settles row by row, and house by house
    path("bench/", bench.district_bench, name="district_bench"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("run/", run.run, name="run"),
    # houses, batches and the register
    path("houses/", finding.houses, name="houses"),
    path("houses/tag/", houses.houses_tag, name="houses_tag"),
    path("houses/untag/", houses.houses_untag, name="houses_untag"),
    path("houses/<int:pk>/", house.house, name="house"),
    path("lanes/", lanes.lanes, name="lanes"),
    path("strays/", strays.strays, name="strays"),
    path("strays/<int:pk>/right/", strays.stray_right, name="stray_right"),
    path("strays/checks/<int:pk>/take-back/", strays.desk_check_take_back, name="desk_check_take_back"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/undo/", batches.batch_undo, name="batch_undo"),
    path("register/load/", register.register_load, name="register_load"),
    # what the register changed since the first extract
    path("register/changes/", changes.register_changes, name="register_changes"),
    path("register/changes/tag/", changes.changes_tag, name="changes_tag"),
    path("register/changes/right/", changes.changes_right, name="changes_right"),
    path("register/changes/take-back/", changes.changes_take_back, name="changes_take_back"),
]
