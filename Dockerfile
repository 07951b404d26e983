# syntax=docker/dockerfile:1

# What the site needs, and the files that are made once: catalogues, static files and error pages.
FROM python:3.13-slim AS build
WORKDIR /site
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt
COPY . .
RUN /venv/bin/pybabel --quiet compile --directory locale --domain django \
    && export SECRET_KEY=only-for-this-step-it-signs-nothing-and-is-in-no-image-that-runs \
       ALLOWED_HOSTS=build.invalid DJANGO_SETTINGS_MODULE=ichei_site.settings.production \
    && /venv/bin/python manage.py collectstatic --no-input \
    && /venv/bin/python manage.py make_error_pages

# The image that runs: no compiler, no cache, and a user who may write to /site/var alone.
FROM python:3.13-slim
ENV DJANGO_SETTINGS_MODULE=ichei_site.settings.production \
    PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# Pillow shapes Arabic with it, on the pictures of shared links.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /site
COPY --from=build /venv /venv
COPY --from=build /site /site
RUN useradd --system --uid 10001 --no-create-home site \
    && mkdir -p var/media \
    && chown -R site var
USER 10001
VOLUME ["/site/var"]
EXPOSE 8000
# One more container of this image runs the schedule: python manage.py run_schedule
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "ichei_site.wsgi"]
