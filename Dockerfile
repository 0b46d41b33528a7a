# One image for web, worker and scheduler. Build: docker build -t licence-desk .
FROM python:3.11.13-slim-bookworm

# What WeasyPrint loads to make PDFs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --create-home desk && mkdir /data && chown desk: /data
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /app

COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt

COPY . .
# Fonts and static files are made once, here; a container that starts finds them as they should be.
RUN DATA_DIR=/tmp/build python -m portal.prepare --only-static && rm -rf /tmp/build && chown -R desk: var

USER desk
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["sh", "-c", "python -m portal.prepare && exec gunicorn --config python:portal.gunicorn_conf --bind 0.0.0.0:8000 portal.wsgi"]
