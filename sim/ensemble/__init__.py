"""Thousands of runs at once: the same equations inlined into a kernel over lanes."""
