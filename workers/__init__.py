"""The runtime: the job store (the source of truth), the Celery app and tasks, the embedded worker.

See docs/operations.md. The store decides everything; the broker only carries job ids and may lose any of them.
"""
