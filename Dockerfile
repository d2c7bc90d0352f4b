# The server with its page and the SDK's tarball built in. `docker compose build` uses it. For builds that are the same
# byte for byte, set NODE_IMAGE to a digest of your registry's: --build-arg NODE_IMAGE=node@sha256:...
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json ./
COPY scripts scripts
COPY packages packages
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile \
 && (cd packages/web && node_modules/.bin/vite build) \
 && node scripts/pack-sdk.ts \
 # What it takes to run and nothing of what it took to build.
 && rm -rf node_modules packages/*/node_modules packages/bench packages/demo packages/testkit packages/*/test \
 && npx --yes pnpm@12.21.0 install --frozen-lockfile --prod --filter '@burstlet/server...' \
 && rm -rf packages/web/src packages/sdk/dist node_modules/node node_modules/.pnpm/node@*

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=build /app /app
RUN mkdir -p /var/lib/burstlet && chown node:node /var/lib/burstlet
USER node
ENV MONITORING_DATA_DIR=/var/lib/burstlet
EXPOSE 3300 4317 4318
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:3300/api/v1/monitoring/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "packages/server/src/main.ts"]
