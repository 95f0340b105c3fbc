"""The demo: made-up houses on real roads, the real history of the project, and a second district at work.

Everything goes through the same actions that the office uses; every run makes the same data.
"""
