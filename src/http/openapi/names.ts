/** Names as each language writes them, and values as literals: of the samples and of the clients alike. */

export const snakeOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/\W/g, "_");

export const pascalOf = (name: string): string =>
  name.replaceAll(/(?:^|[\W_]+)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Python's own words get an underscore, as its style guide (PEP 8) says. */
const PYTHON_WORDS = new Set(["from", "class", "def", "import", "in", "is", "not", "or", "and", "pass", "global"]);
export const pythonNameOf = (name: string): string => {
  const snake = snakeOf(name);
  return PYTHON_WORDS.has(snake) ? `${snake}_` : snake;
};

export const pythonLiteral = (value: unknown): string => {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}: ${pythonLiteral(one)}`)
      .join(", ")}}`;
  return JSON.stringify(value);
};

export const phpLiteral = (value: unknown): string => {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string")
    return value.includes("\n")
      ? `"${value.replaceAll(/["\\$]/g, "\\$&").replaceAll("\n", "\\n")}"`
      : `'${value.replaceAll(/['\\]/g, "\\$&")}'`;
  if (Array.isArray(value)) return `[${value.map(phpLiteral).join(", ")}]`;
  if (typeof value === "object")
    return `[${Object.entries(value)
      .map(([name, one]) => `${phpLiteral(name)} => ${phpLiteral(one)}`)
      .join(", ")}]`;
  return JSON.stringify(value);
};
