"""From a Solution to LaTeX to PDF: emit, fill the templates, run TeX, read its log."""
