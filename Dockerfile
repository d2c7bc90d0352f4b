# The server with its page built in. `docker compose build` uses it.
FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json ./
COPY scripts scripts
COPY packages packages
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile \
 && cd packages/web && node_modules/.bin/vite build \
 && mkdir -p /var/lib/burstlet && chown node:node /var/lib/burstlet
USER node
ENV MONITORING_DATA_DIR=/var/lib/burstlet
EXPOSE 3300 4317 4318
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:3300/api/v1/monitoring/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "packages/server/src/main.ts"]
