"""What is drawn: a forward pass as a graph, its signs, values, and the gradients that come back."""
