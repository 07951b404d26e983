#!/bin/sh
# How the nginx of the image starts: fills in site.conf from the environment, as docs/operations/nginx.md says, and
# becomes nginx. What it writes goes to /tmp, since the root file system may be read-only.
set -eu

if [ -z "${HOSTS:-}" ]; then
    echo "Set the environment variable HOSTS: the site's host names, separated by spaces." >&2
    exit 1
fi
export HOSTS
export UPSTREAM="${UPSTREAM:-server web:8000}"
export HTTP_PORT="${HTTP_PORT:-8080}" HTTPS_PORT="${HTTPS_PORT:-8443}"
export CERTIFICATE="${CERTIFICATE:-/etc/nginx/certificates/fullchain.pem}"
export CERTIFICATE_KEY="${CERTIFICATE_KEY:-/etc/nginx/certificates/privkey.pem}"
export STATIC=/site/build/static ERRORS=/site/build/errors MEDIA_PARENT=/site/var
export CACHE=/var/cache/nginx/pages ACME=/var/www/acme BROTLI="brotli_static on;"

envsubst "$(printf '${%s} ' UPSTREAM HOSTS HTTP_PORT HTTPS_PORT CERTIFICATE CERTIFICATE_KEY STATIC ERRORS \
    MEDIA_PARENT CACHE ACME BROTLI)" < /site/deploy/nginx/site.conf > /tmp/site.conf

# Where TLS ends at a balancer in front, it is a balancer of these networks that says who asks.
if [ -n "${BALANCERS:-}" ]; then
    sed -i -e '/^ *ssl_certificate/d' -e 's/ ssl http2 / /' /tmp/site.conf
    for network in $BALANCERS; do echo "set_real_ip_from $network;"; done >> /tmp/site.conf
    echo "real_ip_header X-Forwarded-For; real_ip_recursive on;" >> /tmp/site.conf
fi

exec nginx -e stderr -g 'daemon off;'
