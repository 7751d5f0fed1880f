"""Templates that were compiled before, in the cache: under the program, the name and the text of each."""

from __future__ import annotations

from dataclasses import dataclass

import jinja2
from jinja2.bccache import Bucket

from solgen.build.cache import Store, digest


@dataclass(frozen=True)
class CompiledTemplates(jinja2.BytecodeCache):
    """What jinja2 keeps its bytecode in; it checks by itself that this is of its own version and of Python's."""

    store: Store
    program: str

    def load_bytecode(self, bucket: Bucket) -> None:
        data = self.store.get(self._key(bucket))
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.store.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return digest("template", self.program, bucket.key, bucket.checksum)
