/** Tests start the program many times, and reading its modules again is a third of a start: NODE_COMPILE_CACHE of all of them. */
import { join } from "node:path";

export const MODULE_CACHE = join(import.meta.dirname, "../../node_modules/.cache/bounced-tests");
