class BackupFailed(Exception):
    """No backup was made or restored; one sentence says why and what to do."""
