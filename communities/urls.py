"""Addresses of the accounts' pages."""

from django.urls import path

from . import views, views_first_sign_in, views_lists_seen, views_president_sign_ins

app_name = "communities"

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:pk>/password/", views.person_reset, name="person_reset"),
    path("people/<int:pk>/second-factor/", views.person_second_factor, name="person_second_factor"),
    path("lists-seen/", views_lists_seen.lists_seen, name="lists_seen"),
    # first sign-in by letter
    path("arrive/<str:secret>/", views_first_sign_in.first_sign_in, name="first_sign_in"),
    path("my-pin/", views_first_sign_in.choose_pin, name="choose_pin"),
    path("sign-ins/", views_president_sign_ins.president_sign_ins, name="president_sign_ins"),
    path("sign-ins/<int:pk>/", views_president_sign_ins.president_sign_in, name="president_sign_in"),
    path("sign-ins/<int:pk>/letter/", views_president_sign_ins.president_letter, name="president_letter"),
    path("sign-ins/<int:pk>/take-back/", views_president_sign_ins.president_take_back, name="president_take_back"),
    path("sign-ins/<int:pk>/sign-out/", views_president_sign_ins.president_sign_out, name="president_sign_out"),
    path("sign-ins/<int:pk>/reopen/", views_president_sign_ins.president_reopen, name="president_reopen"),
    path("digits/", views.digits, name="digits"),
]
