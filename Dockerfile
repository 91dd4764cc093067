# Two images from one file. The default is the static binary alone:
#   docker build -t deployment-status .
#   docker build -t deployment-status:shell --target shell .
# To package a binary that exists, name the directory that holds it:
#   docker build --build-context binary=DIRECTORY .

FROM rust:1.95.0-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS binary
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY benches benches
COPY src src
RUN cargo build --release --locked && mv target/release/deployment-status /

# A job image for GitLab, CircleCI and Jenkins, and a plugin for Drone and Woodpecker. They check
# out as root, by ssh some of them, and start a shell of their own, so there is no other user and no
# entry point.
FROM debian:13.6-slim@sha256:020c0d20b9880058cbe785a9db107156c3c75c2ac944a6aa7ab59f2add76a7bd AS shell
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bash ca-certificates git openssh-client \
    && rm -rf /var/lib/apt/lists/*
COPY --from=binary --chmod=0755 /deployment-status /usr/local/bin/deployment-status
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="deployment-status" \
    org.opencontainers.image.description="Runs a deploy command and tells GitHub how it went; with bash, git and ssh." \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.source="https://github.com/deployment-status/deployment-status" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
CMD ["deployment-status"]

# For `COPY --from=`, and as an entry point.
FROM scratch AS static
COPY --from=shell /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=binary --chmod=0755 /deployment-status /deployment-status
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="deployment-status" \
    org.opencontainers.image.description="Runs a deploy command and tells GitHub how it went." \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.source="https://github.com/deployment-status/deployment-status" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
USER 65532:65532
ENTRYPOINT ["/deployment-status"]
