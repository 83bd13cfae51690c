# syntax=docker/dockerfile:1
# One image for every service: the process is chosen by the command, e.g. `python -m registry api`.
FROM node:24-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY web/ ./
COPY docs/openapi.json /docs/openapi.json
RUN npm run build

FROM python:3.11-slim AS python
COPY deploy/local/requirements-uv.txt /tmp/
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements-uv.txt
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
COPY pyproject.toml uv.lock ./
COPY libs/ libs/
COPY services/ services/
COPY cli/ cli/
COPY deploy/local/ deploy/local/
COPY bench/pyproject.toml bench/
RUN uv sync --frozen --no-dev --no-editable --package qingyuan-registry --package qingyuan-accounts \
    --package qingyuan-views --package qingyuan-gateway

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home qingyuan
COPY --from=python /app/.venv /app/.venv
COPY --from=web /web/dist /app/web
ENV PATH=/app/.venv/bin:$PATH WEB_DIST=/app/web HTTP_HOST=0.0.0.0 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
CMD ["python", "-m", "gateway", "api"]
