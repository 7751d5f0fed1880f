"""From a Derivation to its Checks: every equality evaluated at random points, and told from its mutants."""
