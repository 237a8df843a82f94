"""A clock that is wrong, for the ``conf.py`` of a test's site."""

from __future__ import annotations

import datetime as dt
import sys
import time
from typing import Any


class _Alike(type):
    """Takes what the real class made for its own, as code expects that knows one class only."""

    def __instancecheck__(cls, some: object) -> bool:
        real = vars(cls).get("real")
        return isinstance(some, real) if real else super().__instancecheck__(some)

    def __subclasscheck__(cls, some: type) -> bool:
        real = vars(cls).get("real")
        return issubclass(some, real) if real else super().__subclasscheck__(some)


class _Date(dt.date, metaclass=_Alike):
    real = dt.date

    @classmethod
    def today(cls) -> Any:
        return cls.fromtimestamp(time.time())


class _Datetime(dt.datetime, metaclass=_Alike):
    real = dt.datetime

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def today(cls) -> Any:
        return cls.now()

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(dt.UTC).replace(tzinfo=None)


def move(seconds: float) -> None:
    """Move this process's clock: that of ``time``, and of ``datetime`` by whatever name.

    Modules loaded already get the new functions and classes under the names that they know the
    old ones by. Left alone: ``time_ns``, which builds compare with the times of files, and those
    cannot be moved; defaults of arguments; classes derived before; modules written in C.
    """
    now, text = time.time, time.strftime
    local, utc = time.localtime, time.gmtime
    new: dict[str, Any] = {
        "time": lambda: now() + seconds,
        "localtime": lambda at=None: local(now() + seconds if at is None else at),
        "gmtime": lambda at=None: utc(now() + seconds if at is None else at),
        "strftime": lambda form, at=None: text(form, local(now() + seconds) if at is None else at),
    }
    moved = {id(getattr(time, name)): (getattr(time, name), made) for name, made in new.items()}
    for made in (_Date, _Datetime):
        made.__module__, made.__name__ = "datetime", made.real.__name__
        made.__qualname__ = made.__name__  # as which it is pickled
        moved[id(made.real)] = (made.real, made)
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if id(value) in moved:
                setattr(module, name, moved[id(value)][1])
