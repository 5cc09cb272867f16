/** One call of an operation in curl, TypeScript, Python and PHP, as `x-codeSamples` of the OpenAPI document. */
import { phpLiteral, pythonLiteral, pythonNameOf, snakeOf } from "./names.ts";
import { hasMethod, type Operation } from "./operations.ts";

export interface CodeSample {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

export interface SampledCall {
  readonly method: string;
  /** `/v1/events/{id}` */
  readonly path: string;
  readonly query: readonly string[];
  /** Media type of what is sent, null for nothing. */
  readonly bodyType: string | null;
  /** What comes back is JSON. */
  readonly isJson: boolean;
}

export const ORIGIN = "http://127.0.0.1:8025";

export function codeSamplesOf(call: SampledCall, operation: Operation): readonly CodeSample[] {
  const request = requestOf(call, operation);
  const samples = [
    { lang: "Shell", label: "curl", source: curl(call, request) },
    { lang: "JavaScript", label: "TypeScript", source: typescript(call, request) },
  ];
  if (!hasMethod(call.path)) return samples;
  return [
    ...samples,
    { lang: "Python", label: "Python", source: python(call, operation) },
    { lang: "PHP", label: "PHP", source: php(call, operation) },
  ];
}

interface SampleRequest {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly file: string | null;
}

function requestOf({ path, query, bodyType }: SampledCall, { example = {}, file }: Operation): SampleRequest {
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(example[name] ?? name)));
  const search = Object.entries(example)
    .filter(([name]) => !inPath.has(name) && query.includes(name))
    .map(
      ([name, value]) =>
        `${name}=${[value]
          .flat()
          .map((one) => encodeURIComponent(textOf(one)))
          .join(",")}`,
    )
    .join("&");
  const fields = Object.entries(example).filter(([name]) => !inPath.has(name) && !query.includes(name));
  return {
    url: `${ORIGIN}${filled}${search && `?${search}`}`,
    body: bodyType === "application/json" ? Object.fromEntries(fields) : null,
    file: bodyType === null || bodyType === "application/json" ? null : (file ?? null),
  };
}

/** Of a parameter in path or query: a word, a number or a list. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function curl({ method, bodyType }: SampledCall, { url, body, file }: SampleRequest): string {
  const isDefault = method === (body || file ? "POST" : "GET");
  return [
    `curl -s${isDefault ? "" : ` -X ${method}`} ${shell(url)}`,
    `-H "Authorization: Bearer $BOUNCED_TOKEN"`,
    ...(bodyType ? [`-H "content-type: ${bodyType}"`] : []),
    ...(body ? [`-d ${shell(JSON.stringify(body))}`] : []),
    ...(file ? [`--data-binary @${file}`] : []),
  ].join(" \\\n  ");
}

function typescript({ method, bodyType, isJson }: SampledCall, { url, body, file }: SampleRequest): string {
  const headers = [
    "Authorization: `Bearer ${env.BOUNCED_TOKEN}`",
    ...(bodyType ? [`"content-type": "${bodyType}"`] : []),
  ];
  return [
    ...(file ? [`import { readFile } from "node:fs/promises";`] : []),
    `import { env } from "node:process";`,
    "",
    `const response = await fetch(${JSON.stringify(url)}, {`,
    ...(method === "GET" ? [] : [`  method: "${method}",`]),
    `  headers: { ${headers.join(", ")} },`,
    ...(body ? [`  body: JSON.stringify(${JSON.stringify(body)}),`] : []),
    ...(file ? [`  body: await readFile("${file}"),`] : []),
    "});",
    "if (!response.ok) throw new Error((await response.json()).detail);",
    `console.log(await response.${isJson ? "json" : "text"}());`,
  ].join("\n");
}

const PYTHON_OPEN = `import os

from bounced_client import Client

client = Client("${ORIGIN}", token=os.environ["BOUNCED_TOKEN"])`;

function python({ isJson }: SampledCall, { name, example = {}, file }: Operation): string {
  const words = Object.entries(example).map(([key, value]) => `${pythonNameOf(key)}=${pythonLiteral(value)}`);
  const given = [...words, ...(file ? [`content=open("${file}", "rb").read()`] : [])].join(", ");
  const call = `client.${snakeOf(name)}(${given})`;
  return `${PYTHON_OPEN}\n${isJson ? `print(${call})` : `for line in ${call}:\n    print(line)`}`;
}

const PHP_OPEN = `<?php
require 'vendor/autoload.php';

$client = new Bounced\\Client('${ORIGIN}', token: getenv('BOUNCED_TOKEN'));`;

function php({ isJson }: SampledCall, { name, example = {}, file }: Operation): string {
  const words = Object.entries(example).map(([key, value]) => `${key}: ${phpLiteral(value)}`);
  const given = [...words, ...(file ? [`content: file_get_contents('${file}')`] : [])].join(", ");
  const call = `$client->${name}(${given})`;
  return `${PHP_OPEN}\n${isJson ? `print_r(${call});` : `foreach (${call} as $line) {\n    echo $line, PHP_EOL;\n}`}`;
}
