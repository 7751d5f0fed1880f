"""Formats: presentation trees as text, one file a format over the same nodes."""
