"""Our own generated problems: eight kinds at five sizes, in ordinary English, with exact gold by construction.

Size 1 a good model solves in its head; size 5 (10⁵ rows, twelve houses, two hundred steps) none can. Gold is never
asked of a solver: each instance is planted so that its answer is known and can be proved by hand (see each maker).
"""
