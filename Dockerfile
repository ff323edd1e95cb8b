# One image for web, worker, beat and the one-shot migration: compose chooses the command.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN python -m venv /opt/venv && pip install --no-cache-dir uv==0.13.9
WORKDIR /build
COPY requirements/runtime.txt ./
RUN uv pip sync --no-cache --python /opt/venv/bin/python --require-hashes runtime.txt


FROM python:3.11-slim-bookworm
# Pango makes the PDFs, libmagic looks into uploads, curl asks for our health.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent massy
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=massy_grc.settings \
    MASSY_VAR_DIR=/srv/var

WORKDIR /srv/app
COPY manage.py ./
COPY massy_grc massy_grc
COPY prestations prestations
COPY citizens citizens
COPY requests requests
COPY backoffice backoffice
COPY templates templates
COPY static static
COPY locale locale

# Static files are part of the image; what people upload is a volume. The mode is the only moment
# at which no secret is there.
RUN MASSY_MODE=demo MASSY_COMMAND=1 python manage.py collectstatic --noinput --verbosity 0 \
    && install --directory --owner massy --group massy --mode 0750 /srv/var/media /srv/var/run
USER massy
ENV MASSY_MODE=production
EXPOSE 8000
CMD ["gunicorn", "massy_grc.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--graceful-timeout", "25", "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--limit-request-line", "8190"]
