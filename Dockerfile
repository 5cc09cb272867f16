# syntax=docker/dockerfile:1
# docker buildx build --platform linux/amd64,linux/arm64 .
# The dependencies are JavaScript alone, so the machine that builds installs them once for every platform.
FROM --platform=$BUILDPLATFORM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings its own Node, so the platform packages that pin one for checkouts stay out.
RUN npm ci --omit=dev --omit=optional

FROM node:26-bookworm-slim
LABEL org.opencontainers.image.title="bounced" \
      org.opencontainers.image.description="Self-hosted processor for returned mail" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    BOUNCED_DATA_DIR=/data \
    BOUNCED_SMTP_HOST=0.0.0.0 \
    BOUNCED_HTTP_HOST=0.0.0.0 \
    BOUNCED_PROVISION=0
WORKDIR /app
# npm installs packages, which nothing in a container should.
RUN rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm /usr/local/bin/npx /opt/yarn* && \
    mkdir /data && chown 1000:1000 /data && ln -s /app/src/cli/bin.mjs /usr/local/bin/bounced
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
COPY workers ./workers
# The user node, as a number: Kubernetes checks that it is not root.
USER 1000
VOLUME /data
EXPOSE 2525 8025
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.BOUNCED_HTTP_PORT || 8025}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/cli/main.ts", "serve"]
