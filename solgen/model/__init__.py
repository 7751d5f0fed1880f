"""The nouns that travel between the stages: problem, derivation, certificate, figure; frozen."""
