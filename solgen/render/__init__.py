"""Formats: presentation trees, sentences and chains as text, one file a format over the same nodes."""
