"""Batch evaluation: data sets, scoring, resumable runs. It drives the same path as the service."""
