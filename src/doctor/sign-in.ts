import { clientSecret, openProvider, SignInError } from "../oidc/provider.ts";
import { providerName, redirectUriOf } from "../oidc/settings.ts";
import { fail, ok, warn, type Check } from "./check.ts";

/** The identity provider is who it should be, and the client's secret can be read. Nobody is signed in. */
export const checkSignIn: Check = async ({ config }) => {
  const id = "sign-in";
  const { oidc, http } = config.file;
  const { publicUrl, basePath } = http;
  if (!oidc || publicUrl === undefined) return [];
  const redirectUri = redirectUriOf({ publicUrl, basePath });
  try {
    clientSecret(oidc);
    await openProvider(oidc, redirectUri).discover();
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    const todo = "correct oidc in bounced.yaml (docs/access.md); until then sign in with a token: bounced token link";
    return [fail(id, `${providerName(oidc)}: ${error.message}`, todo)];
  }
  const roles = new Set(Object.values(oidc.roles));
  if (!roles.has("admin"))
    return [
      warn(
        id,
        `${providerName(oidc)} answers; no group has the role admin`,
        "add one to oidc.roles, or keep a token of an admin",
      ),
    ];
  return [ok(id, `${providerName(oidc)} answers; it must know the redirect URI ${redirectUri}`)];
};
