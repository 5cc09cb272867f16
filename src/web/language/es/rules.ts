/** What no rule matched, rules of one's own, and their editor, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

export const SPANISH_RULES: Catalogue["rules"] = {
  lead: "Rebotes y retrasos cuya respuesta del servidor no coincidió con ninguna regla; decidió un código de estado o un modelo estadístico, o nada. Una regla decide tales respuestas de ahora en adelante.",
  yourRules: "Reglas propias",
  reclassify: "Reclasificar",
  writeRule: "Escribir una regla",
  noRefusals: "Ningún rebote ni retraso en este período",
  nothingToDo: "Nada que requiera una regla",
  withoutResponseOnly: (n) =>
    plural(n, {
      one: "Ninguna regla coincidió con # evento, pero no tiene respuesta del servidor.",
      other: "Ninguna regla coincidió con # eventos, pero no tienen respuesta del servidor.",
    }),
  allDecided: (n) =>
    plural(n, {
      one: "Una regla decidió el único rebote o retraso.",
      other: "Una regla decidió los # rebotes y retrasos.",
    }),
  groupedHere: "Aquí se agrupan las respuestas de servidores sin regla coincidente.",
  inGroups: (refusals, groups) =>
    `de ${count(refusals)} rebotes y retrasos, en ${plural(groups, { one: "# grupo", other: "# grupos" })}`,
  inGroupsCut: (refusals, groups, looked) =>
    `de ${count(refusals)} rebotes y retrasos, en ${plural(groups, { one: "# grupo", other: "# grupos" })} de los ${count(looked)} más recientes`,
  withoutResponse: (n) => `${count(n)} sin respuesta del servidor`,
  groups: "Grupos",
  serverResponse: "Respuesta del servidor",
  classifiedAs: "Clasificado como",
  example: "Ejemplo",
  rulesLead: "prevalecen sobre las reglas incorporadas y se aplican en segundos en cada proceso de esta máquina.",
  saved: (rules, look) => html`Guardado: ${rules}. ${look}`,
  removed: (rule, look) => html`Quitada: ${rule}. Sus versiones quedan en el historial de abajo. ${look}`,
  reclassifyHint: (link) =>
    html`Los eventos anteriores conservan su clasificación hasta ${link("reclasificar el registro")}.`,
  same: "Nada cambió: la misma regla ya está guardada.",
  noneSaved: "Ninguna regla guardada",
  noneSavedText:
    "Una regla propia sirve donde las incorporadas no coinciden con una respuesta o la clasifican de otro modo que el deseado.",
  savedHere: "Guardadas aquí",
  countRules: (n) => plural(n, { one: "# regla", other: "# reglas" }),
  savedRules: "Reglas guardadas",
  rule: "Regla",
  treatedAs: "Tratado como",
  savedAt: "Guardada",
  actions: "Acciones",
  edit: "Editar",
  editRule: (id) => `Editar ${id}`,
  removeRule: (id) => `Quitar ${id}`,
  eventsOfRule: "Eventos decididos por esta regla",
  ignored: "ignorada: otra regla tiene el mismo id",
  asYaml: "Como YAML",
  inFiles: "En archivos propios",
  inFilesHint: (rules, path) =>
    html`${plural(rules, { one: "# regla", other: "# reglas" })} en ${path}, se editan allí`,
  fileRules: "Reglas de archivos",
  history: "Historial",
  historyTable: "Historial de las reglas guardadas",
  when: "Cuándo",
  who: "Quién",
  what: "Qué",
  asItWas: "Cómo era",
  asSaved: "Cómo se guardó",
  editVersion: "Editar esta versión",
  editRuleAsOf: (rule, at) => `Editar ${rule}, versión de ${at}`,
  noSavedRule: (id) => `Ninguna regla guardada se llama ${id}.`,
  versionGone: "Esta versión ya no se conserva.",
  notSaved: "No guardado.",
  editorLead: "se prueba con eventos pasados mientras se escribe.",
  inYaml: "Regla, en YAML",
  testAgainst: "Probar con",
  scopeNewest: (n) => `los ${count(n)} rechazos más recientes`,
  scopeUndecided: (n) => `los ${count(n)} más recientes sin regla`,
  test: "Probar",
  savedAppliesToNew: "Una regla guardada se aplica a eventos nuevos. Se conservan las versiones anteriores.",
  testResult: "Resultado de la prueba",
  howTo:
    "Se escriben las palabras comunes a estas respuestas y se elige el motivo. Mientras se escribe, la regla se comprueba y se prueba con el registro; el resultado aparece aquí.",
  cannotBeSaved: "Esta regla no se puede guardar.",
  savableWithWarnings: "Esta regla se puede guardar, con advertencias.",
  valid: "La regla es válida.",
  error: "Error",
  warning: "Advertencia",
  decides: (decided, tried) =>
    `Decide ${count(decided)} de ${plural(tried, { one: "# rechazo", other: "# rechazos" })}`,
  decidesUndecided: (decided, tried) =>
    `Decide ${count(decided)} de ${plural(tried, { one: "# rechazo", other: "# rechazos" })} sin regla`,
  stays: (reason) => `Sigue: ${reason}`,
  conditions: "Condiciones",
  phrases: "Frases",
  reasons: "Motivos",
  phrasesHint: html`Mayúsculas, acentos, puntuación y saltos de línea no cuentan. Una dirección coincide con la palabra
    <code>@</code>.`,
  grammarAny: "el texto contiene una de estas frases",
  grammarAll: "las contiene todas; no contiene ninguna",
  grammarProvider: "quién rechazó, por el id de la página Códigos",
  grammarHost: "ese host o dominio, o uno inferior",
  grammarReporter: "quién escribió el informe",
  grammarPattern: "una expresión regular sobre el texto en minúsculas",
  phraseAlternative: "una de varias; una vacía es opcional",
  phraseUser: "cualquier palabra para un usuario",
  phraseBeginning: "cualquier palabra con este comienzo",
  phraseBetween: "hasta 12 palabras en medio",
};
