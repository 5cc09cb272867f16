/**
 * Makes records whose fields are worked out when they are first asked for, once each, from what the record is made of.
 * The getters belong to all records of a kind: making one costs no more than an object.
 */
export function lazily<Fields extends object, Source>(readers: {
  readonly [Name in keyof Fields]: (fields: Fields, source: Source) => Fields[Name];
}): (source: Source) => Fields {
  const prototype = {};
  for (const [at, name] of (Object.keys(readers) as (keyof Fields)[]).entries())
    Object.defineProperty(prototype, name, {
      get(this: Slots<Source> & Fields) {
        if (!(at in this.values)) this.values[at] = readers[name](this, this.source);
        return this.values[at];
      },
    });
  return (source) => {
    const fields: Slots<Source> = Object.create(prototype);
    fields.source = source;
    fields.values = [];
    return fields as Slots<Source> & Fields;
  };
}

interface Slots<Source> {
  source: Source;
  values: unknown[];
}
