"""Who is reading and who is writing: one writer's lock, one lease a reader, and the removal of what nobody needs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from fuxiao.core.errors import StoreBusy, StoreError
from fuxiao.datasets.importing.workspace import take_folder
from fuxiao.datasets.manifest import Manifest, Retired, read_manifest
from fuxiao.datasets.store.holding import held

KEPT_FOLDERS = ("records", "facts", "seals")
SESSIONS = "sessions"
READING = "fuxiao-reading-"
"""The folders of those who read a lake that they cannot write, among the machine's own."""
ATTEMPTS = 20


class Session:
    """A reader's hold on one generation: the files of that generation stay until it closes or its process dies.

    Where the lake is not ``writable``, nothing can be removed from it either: there a session is a folder to work in.
    """

    def __init__(self, lake: Path, folder: Path, lock: FileLock, *, writable: bool) -> None:
        self._lake = lake
        self._lock = lock
        self.folder = folder
        self.writable = writable
        self.manifest = Manifest()
        self._noted = -1
        self._own: Manifest | None = None
        self.refresh()

    @property
    def spill(self) -> Path:
        """A folder of this session alone, for what does not fit into memory."""
        return self.folder / "spill"

    @property
    def stages(self) -> Path:
        """A folder of this session alone, for tables that are needed for a while."""
        return self.folder / "stages"

    def refresh(self) -> Manifest:
        """Hold the newest generation instead.

        Read again after it is noted: only a generation noted before it could become old cannot be missed by a writer.
        The one that is noted already is held for as long as it is the newest.
        """
        while (manifest := read_manifest(self._lake)).generation != self._noted:
            (self.folder / "generation").write_text(str(manifest.generation))
            self._noted, self._own = manifest.generation, None
        self.manifest = self._own or manifest
        return self.manifest

    def own(self) -> None:
        """See the manifest that was written into the folder of this session, until there is a newer generation."""
        found = read_manifest(self.folder)
        facts = {name: replace(file, path=str(self.folder / file.path)) for name, file in found.facts.items()}
        self.manifest = self._own = replace(found, facts=facts)

    def close(self) -> None:
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def begin_session(lake: Path) -> Session:
    """Take the newest manifest and hold its files."""
    sessions = lake / SESSIONS
    try:
        sessions.mkdir(exist_ok=True)
        folders = [Path(tempfile.mkdtemp(dir=sessions))]
    except OSError:
        return Session(lake, *take_folder(READING, Path(tempfile.gettempdir())), writable=False)
    for _ in range(ATTEMPTS):
        lock = FileLock(folders[-1] / "lease", timeout=0)
        try:
            lock.acquire()
        except (Timeout, OSError):  # a writer came by and took the folder for a dead one's
            folders.append(Path(tempfile.mkdtemp(dir=sessions)))
            continue
        return Session(lake, folders[-1], lock, writable=True)
    raise StoreError("store.busy", path=str(lake))


@contextmanager
def writer_lock(lake: Path, *, patience: float = 0) -> Iterator[None]:
    """Be the only writer; ``StoreError`` (``store.locked``) where another process or thread still is after ``patience``
    seconds."""
    lake.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lake / "writer.lock", timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusy("store.locked", path=str(lake)) from error
    try:
        yield
    finally:
        lock.release()


def sweep(lake: Path, manifest: Manifest) -> frozenset[str]:
    """Remove what killed writers left and what nobody needs any more; the retired paths that are gone.

    Only for the holder of the writer's lock. Readers are looked at first: what one of them has noted as held before it
    lets go of its generation is then seen.
    """
    live = _live_generations(lake)
    gone = frozenset(each.path for each in manifest.retired if not any(_reads(each, generation) for generation in live))
    if any(path.startswith("records/") for path in gone):
        gone -= held(lake, manifest)
    kept = {each.path for each in manifest.files()} | {each.path for each in manifest.retired} - gone
    for folder in KEPT_FOLDERS:
        for path in sorted((lake / folder).rglob("*")):
            if path.is_file() and path.relative_to(lake).as_posix() not in kept:
                path.unlink()
    return gone


def _reads(retired: Retired, generation: int) -> bool:
    """Whether a reader of this generation may open the file; 0 is one that has not said yet which it holds."""
    return not generation or retired.since <= generation < retired.generation


def _live_generations(lake: Path) -> list[int]:
    """The generations that living readers hold; folders of dead ones are removed."""
    live = []
    for folder in (lake / SESSIONS).glob("*"):
        lock = FileLock(folder / "lease", timeout=0)
        try:
            with lock:
                shutil.rmtree(folder, ignore_errors=True)
        except Timeout:
            live.append(_noted(folder))
        except OSError:
            continue  # its reader closed it meanwhile
    return live


def _noted(folder: Path) -> int:
    """The generation that a reader holds; 0, which holds everything, while it is still writing it down."""
    try:
        return int((folder / "generation").read_text())
    except (OSError, ValueError):
        return 0
