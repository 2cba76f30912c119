"""From monthly state to the run folder: code list, reductions, tables, manifest.

The Mesa model hands every month's arrays to `reduce.reduce_month`; the engine calls its parts from
compiled code. Nothing heavy is imported here.
"""
