"""The organisation as a Django application."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "fuxiao.org"
    label = "org"

    def ready(self) -> None:
        """Records of people that come in are taken over."""
        from fuxiao.datasets.arrivals import register
        from fuxiao.org.arrivals import adopt_records

        register("org", adopt_records)
