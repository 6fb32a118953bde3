"""quod: plain language in, answers with independently checked evidence out."""

__version__ = "0.1.0"
