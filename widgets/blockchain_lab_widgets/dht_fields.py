"""What the page takes for granted of the notes of structured overlays; `facts` reads them.

Ids are hexadecimal digits, addresses "ip:port". What is no id all the same, the page passes over.
"""

from collections.abc import Mapping
from typing import Any, Final

CONTACT_NOTES: Final = ("added", "removed", "waits", "forgotten", "checked", "silent")
LOOKUP_FIELDS: Final[Mapping[str, Any]] = {"lookup": int, "id": str}
DHT_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "node started": {"id": str, "address": str},
    "bucket limits": {"k": int, "spares": int},
    "bucket changed": {"bucket": str},
    **{f"contact {what}": {"id": str, "address": str} for what in CONTACT_NOTES},
    "lookup started": {"lookup": int, "purpose": str, "target": str},
    "lookup asked": LOOKUP_FIELDS,
    "lookup answered": LOOKUP_FIELDS,
    "lookup silent": LOOKUP_FIELDS,
    "lookup finished": {"lookup": int, "closest": list | tuple, "hops": int, "asked": int, "silent": int},
    "value stored": {"key": str, "from": str},
    "value expired": {"key": str},
    "value dropped": {"key": str},
    "provider stored": {"key": str, "id": str},
    "provider expired": {"key": str, "id": str},
    "ring changed": {"successors": list | tuple, "fingers": list | tuple},
}
