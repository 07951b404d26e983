#!/bin/sh
# What each release does once, before or while it starts, however many machines there are. Each of these changes nothing
# where there is nothing to do, so that it may be run again.
set -eu
python manage.py migrate --no-input
python manage.py index_translations
python manage.py index_search
python manage.py load_glossary
python manage.py make_renditions
