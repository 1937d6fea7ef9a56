"""Values that are computed at their first use and then kept in the object."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class once(Generic[Value]):
    """A property of an object that never changes, computed once.

    `functools.cached_property` does the same, but up to Python 3.11 under a lock, which takes several times
    as long as what messages compute here.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        """`compute` is the method that it decorates."""
        self.compute, self.name = compute, compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...

    @overload
    def __get__(self, owner: object, kind: type) -> Value: ...

    def __get__(self, owner: object | None, kind: type) -> Self | Value:
        """Compute and keep; from then on Python finds the value in `__dict__` and never comes here."""
        if owner is None:
            return self
        value = owner.__dict__[self.name] = self.compute(owner)
        return value
