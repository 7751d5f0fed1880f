"""From derivations to pages: exposition as blocks, blocks into templates, templates into LaTeX.

Map: `voice` how one problem is written, `ledger` the numbers; one exposition a verb (`gradients`, `paths`,
`shapes`, the graph in `exposition`); `author/prose` the author's text; `conventions`, `certificate`,
`appendix` what stands around; `blocks` what a page is made of: sentences, presentation trees, chains; `templates`
writes and fills them in; `pages` assembles a document; `tex` typesets it; `portable` writes it for other documents.
"""
