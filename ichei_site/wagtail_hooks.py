"""What the site as a whole adds to Wagtail's admin: its guides, in the help menu."""

from functools import partial

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import guides, views


@hooks.register("register_admin_urls")
def register_guide_addresses():
    addresses = [
        path("pictures/<str:name>", views.guide_picture, name="picture"),
        path("<str:name>/", views.GuideView.as_view(), name="guide"),
    ]
    return [path("guides/", include((addresses, "guides")))]


class GuideMenuItem(MenuItem):
    def __init__(self, guide, order):
        address = reverse("guides:guide", args=[guide])
        super().__init__(guides.TITLES[guide], address, name=f"guide-{guide}", icon_name="help", order=order)
        self.guide = guide

    def is_shown(self, request):
        return self.guide in guides.available()


for order, guide in enumerate(guides.TITLES, start=10):
    hooks.register("register_help_menu_item", partial(GuideMenuItem, guide, order))
