"""The pages as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "fuxiao.web"
    label = "web"

    def ready(self) -> None:
        from fuxiao.base import letters
        from fuxiao.metrics import now
        from fuxiao.service import feed
        from fuxiao.service.publish import SOURCE, records_of
        from fuxiao.web.accounts import signals  # noqa: F401 - listens from now on
        from fuxiao.web.notices.mail import post
        from fuxiao.web.shell import checks  # noqa: F401 - checks from now on

        letters.register(post)
        now.register(now.Feed(feed.changed, records_of, SOURCE))
