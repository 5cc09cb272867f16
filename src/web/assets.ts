/** The console's own files. Their URLs carry a digest, so browsers keep them. */
import fastifyStatic from "@fastify/static";
import type { App } from "../http/app.ts";
import { ASSETS_DIRECTORY } from "./asset-version.ts";

export async function assetRoutes(app: App): Promise<void> {
  app.addHook("onRoute", (route) => {
    route.config = { ...route.config, access: "public", rateLimit: false };
  });
  await app.register(fastifyStatic, {
    root: ASSETS_DIRECTORY,
    prefix: "/assets/",
    cacheControl: false,
    setHeaders: (response) => void response.header("cache-control", "public, max-age=31536000, immutable"),
  });
}
