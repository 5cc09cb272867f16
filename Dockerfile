# syntax=docker/dockerfile:1
# Two stages: dependencies without development tools, then a small image that runs as an ordinary user.
FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings its own Node, so the platform packages that pin one for checkouts stay out.
RUN npm ci --omit=dev --omit=optional

FROM node:26-bookworm-slim
ENV NODE_ENV=production \
    BOUNCED_DATA_DIR=/data \
    BOUNCED_SMTP_HOST=0.0.0.0 \
    BOUNCED_HTTP_HOST=0.0.0.0 \
    BOUNCED_PROVISION=0
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
COPY workers ./workers
RUN ln -s /app/src/cli/bin.mjs /usr/local/bin/bounced
USER node
VOLUME /data
EXPOSE 2525 8025
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.BOUNCED_HTTP_PORT || 8025}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/cli/main.ts", "serve"]
