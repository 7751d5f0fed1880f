"""Where it is drawn: layers, order, coordinates, routes of edges and places of labels."""
