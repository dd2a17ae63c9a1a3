"""What the names of files in the lake tell: the loads whose rows are inside, and the generation they came with."""

from __future__ import annotations

import re

LOAD = re.compile(r"/load-0*(\d+)-")
FOLD = re.compile(r"/fold-0*(\d+)-0*(\d+)-")
CAME = re.compile(r"[/-]g0*(\d+)-")


def load_stem(name: str, load: int, generation: int) -> str:
    """The beginning of the name of a file that one load brought."""
    return f"records/{name}/load-{load:06d}-g{generation:08d}"


def fold_stem(name: str, loads: range, generation: int) -> str:
    """The beginning of the name of a file with rows of several loads."""
    return f"records/{name}/fold-{loads.start:06d}-{loads.stop - 1:06d}-g{generation:08d}"


def facts_stem(table: str, generation: int) -> str:
    """The beginning of the name of a fact table's file."""
    return f"facts/{table}/g{generation:08d}"


def loads_in(path: str) -> range:
    """The numbers between which all loads in a file of records lie; none for a file of another kind."""
    if found := FOLD.search(path):
        return range(int(found[1]), int(found[2]) + 1)
    found = LOAD.search(path)
    return range(int(found[1]), int(found[1]) + 1) if found else range(0)


def came_with(path: str) -> int:
    """The first generation that has this file, 0 where its name does not tell."""
    found = CAME.search(path)
    return int(found[1]) if found else 0
