"""The compiler: packs of runs, bits, exponential and logarithm, decorators, named fields."""
