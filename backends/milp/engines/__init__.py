"""The parts that run inside the sandbox: each imports one engine library, takes and returns JSON."""
