/** The page of the audit log in Spanish. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { plural } = speechOf("es");

export const SPANISH_AUDIT: Catalogue["audit"] = {
  title: "Registro de auditoría",
  lead: (days: number) =>
    `Inicios de sesión, exportaciones, mensajes leídos, borrados y todos los cambios, durante ${plural(days, { one: "# día", other: "# días" })}.`,
  anyAction: "cualquier acción",
  action: "Acción",
  who: "Persona o token",
  whoPlaceholder: "persona o token",
  text: "Dirección, identificador o detalles",
  textPlaceholder: "dirección, identificador o detalles",
  fromDay: "Desde el día (UTC)",
  toDay: "Hasta el día (UTC)",
  fromPlaceholder: "desde AAAA-MM-DD",
  toPlaceholder: "hasta AAAA-MM-DD",
  entries: "Entradas",
  emptyTitle: "Ninguna entrada",
  empty: "No se registró nada que coincida.",
  older: "Anteriores",
  pages: "Páginas",
  when: "Cuándo",
  by: "Quién",
  what: "Qué",
  target: "Sobre qué",
  from: "Desde",
  machine: "esta máquina",
  csv: "CSV",
  jsonLines: "Líneas JSON",
  request: (id: string) => `petición ${id}`,
  actions: {
    "sign-in": "Inicio de sesión",
    "sign-in-refused": "Inicio de sesión rechazado",
    "sign-out": "Cierre de sesión",
    export: "Exportación",
    "raw-read": "Mensaje leído",
    erasure: "Dirección borrada",
    "list-change": "Lista de exclusión cambiada",
    "rule-change": "Reglas cambiadas",
    reclassification: "Registro reclasificado",
    replay: "Eventos enviados de nuevo",
    "queue-change": "Colas cambiadas",
    "token-change": "Tokens cambiados",
    "person-change": "Personas cambiadas",
    "settings-change": "Ajustes cambiados",
    "incident-change": "Incidente terminado o reabierto",
  },
  outcomes: {
    begun: { name: "final desconocido", title: "Comenzó; no se registró cómo terminó." },
    done: { name: "hecho", title: "Se hizo." },
    refused: { name: "rechazado", title: "Se rechazó; no se hizo nada." },
    failed: { name: "fallido", title: "Falló; el registro del servicio indica la causa con la petición." },
  },
};
