"""Drawn: faces, measures of text, and pictures as PDF, SVG or PNG."""
