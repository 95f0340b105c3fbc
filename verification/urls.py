"""Addresses of what people decide about houses."""

from django.urls import path

from .views import my_community, paper, review

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
    # lists on paper
    path("paper/<int:pk>/", paper.paper_list, name="paper_list"),
    path("paper/<int:pk>/slip/", paper.paper_slip, name="paper_slip"),
]
