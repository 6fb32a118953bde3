"""Planners behind one interface. All are external programs, run in the sandbox; nothing is imported from them."""
