/** The API as the emitters of clients need it: operations and named types, read from the OpenAPI document. */
import { pascalOf } from "../../src/http/openapi/names.ts";
import { hasMethod } from "../../src/http/openapi/operations.ts";

export type TypeRef =
  | { readonly kind: "string" | "integer" | "number" | "boolean" | "any" }
  | { readonly kind: "enum" | "object"; readonly name: string }
  | { readonly kind: "list" | "map" | "nullable"; readonly of: TypeRef };

export interface Field {
  readonly name: string;
  readonly type: TypeRef;
  readonly isRequired: boolean;
  readonly description: string;
}
export interface ObjectType {
  readonly name: string;
  readonly fields: readonly Field[];
}
export interface EnumType {
  readonly name: string;
  readonly values: readonly string[];
}
export interface Parameter extends Field {
  readonly place: "path" | "query" | "body";
}
export interface ClientMethod {
  readonly name: string;
  readonly verb: string;
  readonly path: string;
  readonly text: string;
  readonly parameters: readonly Parameter[];
  /** Media type of what is sent as it is; null: JSON of the body's fields, or nothing. */
  readonly file: string | null;
  /** `lines` of a text, `octets` of a message, or JSON. */
  readonly result: TypeRef | "lines" | "octets";
}
export interface ApiModel {
  readonly version: string;
  readonly methods: readonly ClientMethod[];
  readonly objects: readonly ObjectType[];
  readonly enums: readonly EnumType[];
}

/** As much of JSON Schema as zod writes. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly (string | null)[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly description?: string;
}
interface Content {
  readonly [mediaType: string]: { readonly schema?: Schema };
}
interface DocumentedOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query";
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
export interface OpenApi {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** Better than the name of where it was met first. */
const NAMES: Readonly<Record<string, string>> = { EmitEventsFilter: "EventFilter" };
/** A set of words this long has a name. */
const LONG_ENUM = 5;

export function modelOf(document: OpenApi): ApiModel {
  const objects = new Map<string, ObjectType>();
  const enums = new Map<string, EnumType>();
  const seen = new Map<string, TypeRef>();
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) objectOf(schema, name);
  const methods: ClientMethod[] = [];
  for (const [path, verbs] of Object.entries(document.paths))
    if (hasMethod(path))
      for (const [verb, operation] of Object.entries(verbs)) methods.push(methodOf(verb, path, operation));
  return { version: document.info.version, methods, objects: [...objects.values()], enums: [...enums.values()] };

  function methodOf(verb: string, path: string, operation: DocumentedOperation): ClientMethod {
    const {
      operationId: name = `${verb} ${path}`,
      summary = "",
      description = "",
      parameters = [],
      requestBody,
      responses,
    } = operation;
    const [mediaType = null] = Object.keys(requestBody?.content ?? {});
    const isJson = mediaType === "application/json";
    const body = isJson ? bodyFields(requestBody?.content["application/json"]?.schema ?? {}, pascalOf(name)) : [];
    const [answer] = Object.entries(responses).filter(([status]) => status.startsWith("2"));
    const [answerType = "application/json"] = Object.keys(answer?.[1].content ?? {});
    const json = answer?.[1].content?.["application/json"]?.schema ?? {};
    return {
      name,
      verb: verb.toUpperCase(),
      path,
      text: [summary.endsWith("?") ? summary : `${summary}.`, description].filter(Boolean).join("\n\n"),
      parameters: [
        ...parameters.map((one) => ({
          name: one.name,
          type: typeOf(one.schema, pascalOf(one.name)),
          isRequired: one.required === true,
          description: one.description ?? "",
          place: one.in,
        })),
        ...body.map((field) => ({ ...field, place: "body" as const })),
      ].toSorted((a, b) => rank(a) - rank(b)),
      file: isJson ? null : mediaType,
      result:
        answerType === "application/json"
          ? typeOf(json, `${pascalOf(name)}Response`)
          : answerType === "text/plain"
            ? "octets"
            : "lines",
    };
  }

  /** Of a body that may be one of several shapes: the fields of all, none of them required. */
  function bodyFields(schema: Schema, context: string): readonly Field[] {
    const shapes = schema.anyOf ?? schema.oneOf ?? [schema];
    const fields = new Map<string, Field>();
    for (const shape of shapes)
      for (const field of fieldsOf(shape, context))
        if (!fields.has(field.name))
          fields.set(field.name, { ...field, isRequired: field.isRequired && shapes.length === 1 });
    return [...fields.values()];
  }

  function fieldsOf({ properties = {}, required = [] }: Schema, context: string): readonly Field[] {
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      type: typeOf(schema, context + pascalOf(name)),
      isRequired: required.includes(name),
      description: schema.description ?? "",
    }));
  }

  function objectOf(schema: Schema, name: string): TypeRef {
    const key = `object ${JSON.stringify(withoutText(schema))}`;
    const known = seen.get(key);
    if (known) return known;
    const type: TypeRef = { kind: "object", name: NAMES[name] ?? name };
    seen.set(key, type);
    objects.set(type.name, { name: type.name, fields: fieldsOf(schema, type.name) });
    return type;
  }

  function enumOf(values: readonly string[], context: string): TypeRef {
    const key = `enum ${values.join(" ")}`;
    const known = seen.get(key);
    if (known) return known;
    if (values.length < LONG_ENUM) return { kind: "string" };
    // `EventReason` is `Reason` where no other set of words has that name.
    const short = /[A-Z][a-z]+$/.exec(context)?.[0] ?? context;
    const type: TypeRef = { kind: "enum", name: enums.has(short) || objects.has(short) ? context : short };
    seen.set(key, type);
    enums.set(type.name, { name: type.name, values });
    return type;
  }

  function typeOf(schema: Schema, context: string): TypeRef {
    if (schema.$ref) return { kind: "object", name: schema.$ref.split("/").at(-1) ?? "" };
    const shapes = schema.anyOf ?? schema.oneOf;
    if (shapes) {
      const [first, ...others] = shapes.filter(({ type }) => type !== "null").map((one) => typeOf(one, context));
      const type = first && others.every(({ kind }) => kind === first.kind) ? first : ({ kind: "any" } as const);
      return others.length + 1 < shapes.length ? { kind: "nullable", of: type } : type;
    }
    if (Array.isArray(schema.type)) {
      const types = schema.type.filter((type) => type !== "null");
      const [type] = types;
      const one: TypeRef = types.length === 1 && type ? typeOf({ ...schema, type }, context) : { kind: "any" };
      return types.length < schema.type.length ? { kind: "nullable", of: one } : one;
    }
    if (schema.enum)
      return enumOf(
        schema.enum.filter((word) => word !== null),
        context,
      );
    switch (schema.type) {
      case "string":
      case "integer":
      case "number":
      case "boolean":
        return { kind: schema.type };
      case "array":
        return { kind: "list", of: typeOf(schema.items ?? {}, context.replace(/s$/, "")) };
      case "object":
        if (schema.properties) return objectOf(schema, context);
        return {
          kind: "map",
          of:
            typeof schema.additionalProperties === "object"
              ? typeOf(schema.additionalProperties, context)
              : { kind: "any" },
        };
      case undefined:
        return typeof schema.const === "string" ? { kind: "string" } : { kind: "any" };
      default:
        throw new Error(`${context}: no type for ${JSON.stringify(schema).slice(0, 200)}`);
    }
  }
}

/** In the path, then what must be given, then the rest. */
const rank = ({ place, isRequired }: Parameter): number => (place === "path" ? 0 : isRequired ? 1 : 2);

const withoutText = (schema: Schema): unknown =>
  JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === "description" ? undefined : value)));
