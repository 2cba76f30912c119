"""From monthly state to the run folder: code list, reductions, tables, manifest.

Both drivers hand every month's arrays to `reduce.reduce_month`; nothing heavy is imported here.
"""
