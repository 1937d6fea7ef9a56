"""Two families of faults, kept apart.

A *peer* that breaks the protocol is data: its bytes become a `Malformed` message, a record, perhaps a
hang-up. Only `DecodeError` is raised on the way, and the codec catches it.
A *caller* that misuses the workbench gets an exception, always a `UsageError`.
"""


class DecodeError(ValueError):
    """Bytes that are no valid field. Says what was found, what was wanted, and where."""


class UsageError(Exception):
    """The caller asked for what cannot be: an impossible action, a closed connection, a wrong argument."""


class ScenarioError(UsageError):
    """A scenario or a saved run cannot be used. `path` is the key's place, e.g. `peers.ann.kind`."""

    def __init__(self, path: str, problem: str) -> None:
        """`problem` says what was found and what is accepted."""
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path, self.problem = path, problem
