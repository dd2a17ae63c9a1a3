"""How a notice goes out by mail: whoever can send registers here, and the kernel does not know how it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Facts = Mapping[str, str | Mapping[str, str]]
Post = Callable[[Sequence[int], str, Facts, str], object]
"""Called with the accounts, the kind of the notice, its facts, its link; in the transaction of the change."""
_posts: list[Post] = []


def register(post: Post) -> None:
    """Have this send every notice that an account wants by mail."""
    _posts.append(post)


def send(accounts: Sequence[int], kind: str, facts: Facts, link: str) -> None:
    """Give a notice to whoever sends, where anybody wants it."""
    for post in _posts if accounts else ():
        post(accounts, kind, facts, link)
