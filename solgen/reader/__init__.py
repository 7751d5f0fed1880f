"""From the text of a problem file to a Problem, or to every mistake in it at once."""
