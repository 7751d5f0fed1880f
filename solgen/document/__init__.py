"""From derivations to pages: exposition as blocks, blocks into templates, templates into LaTeX.

Map: `voice` how one problem is written, `ledger` the numbers; one exposition a verb (`gradients`, `paths`,
`shapes`, the graph in `exposition`); `prose` and `mathmode` the author's text; `conventions`, `certificate`,
`appendix` what stands around; `blocks` what a page is made of: sentences, presentation trees, chains; `templates`
writes and fills them in; `pages` assembles a document; `tex` typesets it; `portable` writes it for other documents.
"""

from solgen.document.author.mathmode import Fault, balanced
from solgen.document.author.prose import prose_faults
from solgen.document.blocks import Pages
from solgen.document.exposition import figure_key
from solgen.document.node_letters import node_letters
from solgen.document.pages import Document, ToldSet, tell_in_full

__all__ = [
    "Document", "Fault", "Pages", "ToldSet", "balanced", "figure_key", "node_letters", "prose_faults",
    "tell_in_full",
]  # fmt: skip
