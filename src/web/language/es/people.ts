/** The page of people in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";

export const SPANISH_PEOPLE: Catalogue["people"] = {
  title: "Personas",
  lead: "Quién ha iniciado sesión con el proveedor de identidad. Revocar el acceso cierra al instante todas las sesiones de la persona.",
  nobody: "No se encontró a nadie.",
  noProvider: html`No hay ningún proveedor de identidad configurado: <code>oidc</code> en bounced.yaml, docs/access.md.`,
  text: "Nombre, dirección o identificador",
  person: "Persona",
  role: "Rol",
  lastSignIn: "Último inicio de sesión",
  firstSignIn: "Primer inicio de sesión",
  change: "Cambiar",
  notVerified: "sin verificar",
  subject: (sub) => `sujeto ${sub}`,
  noRole: "ninguno",
  mayExport: "exportación",
  isRevoked: "revocado",
  revoke: "Revocar",
  restore: "Permitir de nuevo",
  confirm: (who) => `¿Revocar el acceso de ${who}? Todas las sesiones se cierran al instante.`,
  revoked: "El acceso está revocado y todas las sesiones se han cerrado.",
  restored: "La persona puede iniciar sesión de nuevo.",
};
