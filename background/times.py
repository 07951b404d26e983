from datetime import timedelta

# How often a worker says that it lives, and after how long without a word its task is another's.
BEAT = timedelta(seconds=10)
GONE_AFTER = timedelta(seconds=60)
# How long a task waits after its first failure, its second, …; after the last it has failed for good.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
# How long a task that is over is kept, for whoever looks for what went wrong.
KEPT = timedelta(days=14)
