# docker build -t modelql . && docker run --rm -p 127.0.0.1:4000:4000 modelql

# Builds the package, as `npm publish` would send it, and unpacks it.
FROM node:24.21.0-slim AS package
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm pack --pack-destination /tmp
RUN mkdir /package && tar -xzf /tmp/modelql-*.tgz -C /package --strip-components=1

# What it needs, in the versions of the lock file.
FROM node:24.21.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24.21.0-slim
LABEL org.opencontainers.image.title="modelql" \
      org.opencontainers.image.description="One GraphQL API for every chat and image model" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
# Of the container alone, to which ports are published. Where no configuration file says who may use it, MODELQL_KEY
# does, or a key that is made at the start and printed.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=package /package ./
# `node` in the image, by number, so that Kubernetes sees that it is not root. It writes to /tmp alone, when files are
# sent to /media: a read-only file system wants a tmpfs there.
USER 1000:1000
EXPOSE 4000
# Whatever is answered: with a `server.path`, /health is below that.
HEALTHCHECK --interval=15s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/modelql.js"]
CMD ["serve"]
