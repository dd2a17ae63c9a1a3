"""Static files under names that hold their content's digest, kept by browsers for ever."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Where nothing was collected yet (tests, a first look), files keep their plain names."""

    manifest_strict = False
