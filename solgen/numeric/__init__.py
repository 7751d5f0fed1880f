"""From a Derivation to its certificate: sampling, evaluation, verification, mutants; and export to numpy."""
