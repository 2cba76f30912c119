"""One mechanism a file: scalar formulas with units and source, compiled once for all uses."""
