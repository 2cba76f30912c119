"""What is kept of a month: code list, reductions, histograms, sums.

The Mesa model hands every month's arrays to `reduce.reduce_month`; the engine calls its parts from
compiled code. Nothing heavy is imported here.
"""
