"""The trust bench: how often would quod call a wrong formalization verified?

Gold formalizations are broken on purpose, one fault at a time, and put back beside their text; what quod says of
each is compared with what it says of the gold. See docs/trust.md.
"""
