"""The ``quod`` command."""
