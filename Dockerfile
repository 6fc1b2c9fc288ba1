# The sidecar as a small image: docker build -t sipgate-sidecar .
# Runs as nobody in particular, on a read-only root file system; /data is the only place it writes to.
# A new base: docker buildx imagetools inspect python:3.13-slim, and its digest in both places.
FROM python:3.13-slim@sha256:6771159cd4fa5d9bba1258caf0b82e6b73458c694d178ad97c5e925c2d0e1a91 AS build
COPY requirements/runtime.lock /build/requirements/runtime.lock
RUN python -m venv /opt/sidecar \
 && /opt/sidecar/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: -r /build/requirements/runtime.lock
COPY pyproject.toml README.md LICENSE /build/
COPY sidecar /build/sidecar
COPY zammad_client /build/zammad_client
COPY sipgate_client /build/sipgate_client
COPY rest_transport /build/rest_transport
# The build back end is pinned with the tools of the developers, its hash with it; it does not reach the image.
COPY requirements/dev.lock /build/requirements/dev.lock
RUN python -m venv /opt/builder \
 && sed -n '/^setuptools==/,/[^\\]$/p' /build/requirements/dev.lock > /build/requirements/setuptools.lock \
 && /opt/builder/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes -r /build/requirements/setuptools.lock \
 && /opt/builder/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation -w /build/wheel /build \
 && /opt/sidecar/bin/python -m pip install --no-cache-dir --no-deps --no-index /build/wheel/*.whl

FROM python:3.13-slim@sha256:6771159cd4fa5d9bba1258caf0b82e6b73458c694d178ad97c5e925c2d0e1a91
LABEL org.opencontainers.image.title="zammad-sipgate-sidecar" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin sidecar \
 && install -d -o sidecar -g sidecar -m 0750 /data
COPY --from=build /opt/sidecar /opt/sidecar
ENV PATH=/opt/sidecar/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SIDECAR_SERVER__HOST=0.0.0.0 \
    SIDECAR_SERVER__PORT=8600 \
    SIDECAR_DATABASE__URL=sqlite:////data/sidecar.db \
    SIDECAR_LOGGING__FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['SIDECAR_SERVER__PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["sipgate-sidecar"]
CMD ["serve"]
