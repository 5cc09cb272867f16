/** The frame of every page, signing in, errors, and the page for those who unsubscribe, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import type { ENGLISH_FRAME } from "../en/frame.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

export const SPANISH_FRAME: Pick<Catalogue, keyof typeof ENGLISH_FRAME> = {
  frame: {
    skip: "Ir al contenido",
    navigation: "Menú principal",
    find: "Buscar una dirección, un dominio, una etiqueta, un evento, un Message-ID o una respuesta de servidor",
    findPlaceholder: "Buscar",
    theme: "Tema",
    switchTheme: "Cambiar entre claro y oscuro",
    language: "Idioma",
    api: "API",
    signOut: "Cerrar sesión",
    overview: "Resumen",
    incidents: "Incidentes",
    log: "Registro",
    rates: "Tasas",
    compare: "Comparar",
    suppressions: "Exclusiones",
    codes: "Códigos",
    unmatched: "Sin regla",
    audit: "Auditoría",
    queues: "Colas",
    setup: "Instalación",
  },
  script: {
    lightTheme: "Tema claro",
    darkTheme: "Tema oscuro",
    pickDay: "Elegir un día",
    openAsPage: "Abrir como página",
    close: "Cerrar",
    copied: "Copiado",
    copyRefused: "Aquí no se permite copiar",
  },
  period: {
    label: "Período",
    last: "Últimos",
    days: (days) => plural(days, { one: "# día", other: "# días" }),
    today: "Hoy",
    all: "Todo",
  },
  common: {
    event: "Evento",
    events: "Eventos",
    recipient: "Destinatario",
    unknownRecipient: "Destinatario desconocido",
    copy: "Copiar",
    search: "Buscar",
    clear: "Borrar",
    add: "Añadir",
    remove: "Quitar",
    undo: "Deshacer",
    save: "Guardar",
    any: "cualquiera",
    none: "ninguno",
    download: "Descargar",
    confidence: (share) => `confianza ${share}`,
    fault: (fault) => `Causa: ${fault}`,
    advice: (advice) => `Consejo: ${advice}`,
    countEvents: (events) => plural(events, { one: "# evento", other: "# eventos" }),
    countOf: (part, whole) => `${count(part)} de ${count(whole)}`,
  },
  signIn: {
    title: "Iniciar sesión",
    secret: "Token de API o contraseña de administrador",
    button: "Iniciar sesión",
    help: html`Los tokens se crean en el servidor con <code>bounced token create</code>; los enlaces que abren sesión
      una sola vez, con <code>bounced token link</code>.`,
    locked: (minutes) =>
      `Demasiados intentos fallidos. Se puede probar de nuevo en ${plural(minutes, { one: "# minuto", other: "# minutos" })}.`,
    wrong: "No es un token válido ni la contraseña de administrador.",
    usedLink: html`Este enlace ya se usó o tiene más de un día. <code>bounced token link</code> crea otro.`,
    with: (provider) => `Iniciar sesión con ${provider}`,
    providerDown: (provider) =>
      `No se puede acceder a ${provider}. Inténtelo de nuevo o inicie sesión con un token. El registro del servicio indica la causa.`,
    providerRefused: (provider) =>
      `El inicio de sesión con ${provider} falló. Inténtelo de nuevo; el registro de auditoría indica la causa.`,
    tooOld:
      "Este inicio de sesión comenzó en otro navegador o en otra dirección, o tardó más de diez minutos. Empiece de nuevo.",
    refusedTitle: "Sin acceso",
    noRole: (who) =>
      `Ha iniciado sesión como ${who}, y ninguno de sus grupos puede usar bounced. Pida acceso a un administrador.`,
    revoked: (who) => `El acceso de ${who} fue revocado. Consulte a un administrador.`,
    otherAccount: "Usar otra cuenta",
    goOn: "Continuar",
    signedOut: "Sesión cerrada",
  },
  problems: {
    badRequest: "La petición no es válida",
    unauthorized: "Se necesita un token",
    forbidden: "Este token no lo permite",
    notFound: "Aquí no hay nada",
    methodNotAllowed: "Este método no se ofrece aquí",
    conflict: "No es posible en el estado actual",
    gone: "Ya no existe",
    tooLarge: "La petición es demasiado grande",
    unsupportedMediaType: "Este tipo de contenido no se lee aquí",
    tooManyRequests: "Demasiadas peticiones",
    internal: "Se produjo un error en el servidor",
    notAvailable: "Desactivado en la configuración actual",
    unavailable: "Una parte del servicio no funciona; pruebe de nuevo",
  },
  problemPage: { request: (id) => `Petición ${id}` },
  unsubscribe: {
    title: "Cancelar la suscripción",
    question: "Ya no recibirá estos mensajes.",
    button: "Cancelar la suscripción",
    done: "Su suscripción está cancelada.",
    invalid: "Este enlace no es válido. Copie la dirección completa del mensaje.",
  },
};
