"""The models: pure functions of arrays, numpy alone.

The last axis is the month, leading axes are free (scenario, draw, corner, grid).
"""
