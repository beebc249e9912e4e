# The image of Deskhand: the program and what it needs to run, as nobody in particular. PostgreSQL stands in a container of its own
# (compose.yaml), so the embedded one is left out. Build: docker build -t deskhand .
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DESKHAND_DATA=/data DESKHAND_DEMO=0
# The C library gives memory that is free back to the system: 7 MB of an idle server (core/decisions/080).
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --from=build /build/migrations ./migrations
COPY --from=build /build/package.json /build/LICENSE ./
RUN mkdir /data && chown node:node /data && ln -s /app/dist/index.js /usr/local/bin/deskhand
# `docker compose exec server deskhand doctor`
ENV DESKHAND_COMMAND=deskhand
USER node
VOLUME /data
EXPOSE 3000
# Asks the process itself, without a tool the image would have to bring along.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.WORKER_PORT||process.env.PORT)+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Room for what lives for a moment: it is cleared away less often (core/decisions/067).
ENTRYPOINT ["node", "--max-semi-space-size=32", "dist"]
CMD ["serve"]
