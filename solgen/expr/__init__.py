"""What a formula is: a closed set of nodes, how they are built and walked, and the table of operations."""
