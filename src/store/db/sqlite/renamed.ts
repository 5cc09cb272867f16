/** A handle whose queries ask other tables than they name: the log of SQLite has several of each. */
import { OperationNodeTransformer, TableNode, type Kysely, type KyselyPlugin } from "kysely";
import type { Tables } from "../tables.ts";

class TableNames extends OperationNodeTransformer {
  readonly #names: ReadonlyMap<string, string>;
  constructor(names: ReadonlyMap<string, string>) {
    super();
    this.#names = names;
  }
  protected override transformTable(node: TableNode): TableNode {
    const name = this.#names.get(node.table.identifier.name);
    return name === undefined ? node : TableNode.create(name);
  }
}

/** `names`: the table for each name. Text that is written into a query as it is stays what it is. */
export function withTables<Db extends Kysely<Tables>>(db: Db, names: ReadonlyMap<string, string>): Db {
  const transformer = new TableNames(names);
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: ({ result }) => Promise.resolve(result),
  };
  // A transaction stays one.
  return db.withPlugin(plugin) as Db;
}
