#!/bin/sh
# A backup each night at half past two on the clock of Shenzhen (18:30 UTC), where nothing else keeps time. One that
# fails is tried again after an hour; why it failed is in the log, and the alarm is BackupTooOld.
set -eu
trap 'exit 0' TERM INT

pause() {
    sleep "$1" &
    wait $!
}

while :; do
    now=$(date -u +%s)
    pause $(((18 * 3600 + 1800 + 86400 - now % 86400) % 86400))
    until python manage.py backup; do pause 3600; done
    # Not twice in the same minute.
    pause 60
done
