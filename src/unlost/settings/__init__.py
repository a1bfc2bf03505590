"""Read once, checked once, frozen. Every key stands in `values.py` alone: reader, template and check are drawn from it."""
