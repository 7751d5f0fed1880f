"""From a Problem to the picture of its computational graph."""
