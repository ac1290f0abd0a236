"""What people touch: notebooks, command line, reports."""
