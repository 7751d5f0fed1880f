"""Graphs to pictures: a layered layout of our own, routed edges, placed labels, and the drawing of them."""
