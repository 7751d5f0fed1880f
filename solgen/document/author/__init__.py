"""What the author typed: prose with references, LaTeX read just far enough, the place to blame."""
