"""Rocq (Coq): statements proved by automation or by a candidate proof, judged by the kernel. See docs/rocq.md."""
