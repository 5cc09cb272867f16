/** An object whose fields are read when they are first asked for, once each. */
export function lazily<Fields extends object>(readers: {
  readonly [Name in keyof Fields]: () => Fields[Name];
}): Fields {
  const fields = {} as Fields;
  for (const name of Object.keys(readers) as (keyof Fields)[])
    Object.defineProperty(fields, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = readers[name]();
        Object.defineProperty(fields, name, { enumerable: true, value });
        return value;
      },
    });
  return fields;
}
