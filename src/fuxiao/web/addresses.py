"""How numbers and codes stand in addresses."""

from django.urls.converters import StringConverter


class AnyText(StringConverter):
    """A number or code as records have it: with slashes, and where a file had them with line breaks too."""

    regex = r"[\s\S]+"
