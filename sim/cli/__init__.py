"""The command line: one file a command, no logic beyond reading options and printing."""
