"""The world: seed tables read, checked and turned into arrays."""
