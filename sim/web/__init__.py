"""The live page: `spheres serve` on this machine, for one person at a time."""
