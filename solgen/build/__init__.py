"""From files to outputs: the five stages over one set, many sets side by side, what is kept from before."""
