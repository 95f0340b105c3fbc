"""Addresses of the officers' pages: the communities' lists, and the houses."""

from django.urls import path

from .views import batches, home, house, houses, lists, register, rows

app_name = "households"

urlpatterns = [
    # the communities' lists and their rows
    path("work/", home.home, name="home"),
    path("lists/", lists.lists, name="lists"),
    path("lists/receive/", lists.list_receive, name="list_receive"),
    path("lists/<int:pk>/", lists.house_list, name="list"),
    path("lists/<int:pk>/apply/", lists.list_apply, name="list_apply"),
    path("lists/<int:pk>/likely/", lists.list_likely, name="list_likely"),
    path("lists/<int:pk>/outcomes.csv", lists.list_outcomes, name="list_outcomes"),
    path("rows/<int:pk>/", rows.row, name="row"),
    path("rows/<int:pk>/close/", rows.row_close, name="row_close"),
    path("rows/<int:pk>/reopen/", rows.row_reopen, name="row_reopen"),
    # houses, batches and the register
    path("houses/", houses.houses, name="houses"),
    path("houses/tag/", houses.houses_tag, name="houses_tag"),
    path("houses/untag/", houses.houses_untag, name="houses_untag"),
    path("houses/<int:pk>/", house.house, name="house"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/undo/", batches.batch_undo, name="batch_undo"),
    path("register/load/", register.register_load, name="register_load"),
]
