/** The module beside this one by its name without extension: `.ts` in a checkout, `.js` in the published package. */
export const siblingModule = (importMetaUrl: string, name: string): URL =>
  new URL(`./${name}${importMetaUrl.endsWith(".ts") ? ".ts" : ".js"}`, importMetaUrl);
