"""From a Problem to a Derivation: the reverse sweep, the rules it cites and the textbook form."""
