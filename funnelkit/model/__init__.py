"""The models: pure functions of arrays, numpy alone.

Leading axes are free (scenario, draw, corner, grid). The last axis is the month, in the marketer's
tables the channel, in the ladder the product.
"""
