"""YAML that maintainers write, read without what could hang a build or fill its memory.

Only nodes are composed: no tags are obeyed, and an alias (``*name``), which serves nobody here, is
refused, since nested ones stand for billions of nodes.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

_SURROGATE: Final = re.compile("[\\ud800-\\udfff]")


class Refused(yaml.MarkedYAMLError):
    """YAML that this site has no use for."""


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        """Compose one node, refusing aliases."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise Refused(problem="an alias (*name) is not allowed", problem_mark=mark)
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.ScalarNode) and _SURROGATE.search(node.value):
            # "\\ud800" is half a character, which no file can hold
            raise Refused(problem="it names no character", problem_mark=node.start_mark)
        return node


def compose(text: str) -> yaml.Node | None:
    """Read one document as nodes.

    Raises:
        yaml.YAMLError: It is not well-formed, or refused. Nothing else is raised.
    """
    try:
        return yaml.compose(text, Loader=_Loader)
    except RecursionError:
        raise Refused(problem="it is nested too deeply") from None
    except (ValueError, OverflowError):  # "\\UFFFFFFFF", or a version of endless digits
        raise Refused(problem="it names a character or a number that does not exist") from None
