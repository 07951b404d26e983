# Two images of each release, which belong together: `web` (the last, and so what is built by default) holds the site,
# `nginx` what stands in front of it, with the same release's static files and error pages. Base images are pinned
# with their digests; docs/operations/install.md says how to renew them.

# What the site needs, and the files that are made once: catalogues, static files and error pages.
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /site
COPY requirements/base.txt requirements/base.txt
# Wheels alone: nothing is compiled, here or later.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes \
        -r requirements/base.txt
COPY . .
# Bytecode is made here, since nothing can be written where the image runs. With hashes instead of times in it, it is
# the same each time.
RUN /venv/bin/pybabel --quiet compile --directory locale --domain django \
    && export SECRET_KEY=only-for-this-step-it-signs-nothing-and-is-in-no-image-that-runs \
       ALLOWED_HOSTS=build.invalid DJANGO_SETTINGS_MODULE=ichei_site.settings.production \
    && /venv/bin/python manage.py collectstatic --no-input \
    && /venv/bin/python manage.py make_error_pages \
    && rm -rf var \
    && /venv/bin/python -m compileall -q --invalidation-mode unchecked-hash .

# What stands in front: Debian's nginx, whose modules for Brotli belong to it.
FROM debian:trixie-20260918-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a AS nginx
ARG RELEASE=unknown
LABEL org.opencontainers.image.title="UNESCO-ICHEI: in front of the site" \
      org.opencontainers.image.description="nginx with the static files and error pages of the same release" \
      org.opencontainers.image.version=$RELEASE
# Debian's security updates replace versions, so that a pinned one could soon not be installed.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext-base libnginx-mod-http-brotli-static nginx \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/conf.d/* /etc/nginx/sites-enabled \
    && useradd --system --no-log-init --uid 10001 --user-group --no-create-home site \
    && install -d -o site -g site /var/cache/nginx \
    && install -d /etc/nginx/certificates /site/var /var/www/acme \
    && ln -s /tmp/site.conf /etc/nginx/conf.d/site.conf
COPY deploy/nginx/nginx.conf /etc/nginx/nginx.conf
COPY deploy/low-data.nginx.conf deploy/nginx-errors.conf /etc/nginx/conf.d/
COPY deploy/nginx/site.conf deploy/nginx/start.sh /site/deploy/nginx/
COPY --from=build /site/build /site/build
ENV HTTP_PORT=8080 \
    HTTPS_PORT=8443
USER 10001
VOLUME ["/var/cache/nginx"]
# It finishes what it has begun.
STOPSIGNAL SIGQUIT
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["bash", "-c", ": > /dev/tcp/127.0.0.1/$HTTP_PORT"]
CMD ["sh", "/site/deploy/nginx/start.sh"]

# The site: no compiler, no cache, and a user who may write to /site/var alone.
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS web
ARG RELEASE=unknown
LABEL org.opencontainers.image.title="UNESCO-ICHEI: the site" \
      org.opencontainers.image.description="The public website of UNESCO-ICHEI in six languages" \
      org.opencontainers.image.version=$RELEASE
ENV DJANGO_SETTINGS_MODULE=ichei_site.settings.production \
    PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# Pillow shapes Arabic with it, on the pictures of shared links. Its version is Debian's, as above.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-log-init --uid 10001 --user-group --no-create-home site \
    && install -d -o site -g site /site/var /site/var/media /backups
WORKDIR /site
COPY --from=build /venv /venv
COPY --from=build /site /site
USER 10001
VOLUME ["/site/var"]
EXPOSE 8000
# Of the web process alone: whoever runs another command of this image switches it off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "deploy/ready.py"]
# More containers of this image run other commands: docs/operations/install.md names them.
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "ichei_site.wsgi"]
