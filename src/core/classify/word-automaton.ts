/**
 * Rows of words in one automaton, so that a text is read once however many rows there are.
 *
 * It is built as a graph in which a word may lead to several states. The sets of states that real texts reach are few:
 * each is made when it is first reached and remembered as one state, so that a word then costs one look-up. What is
 * remembered is bounded, and forgotten all at once; that costs time, and never changes an answer.
 */

/** An ordinary refusal takes some hundred steps of the graph. A hostile one is read so far and no further. */
export const MAX_STEPS = 20_000;
/** What is remembered between texts: words, and ways from one set to the next. */
const PLACES = 8192;
const MAX_WAYS = 100_000;

/** All that the graph can see of a word: itself, and each `prefix*` that it begins with. */
interface Letter {
  readonly number: number;
  readonly ids: readonly number[];
  /** Where it leads at the beginning of a row. */
  first: Way | null;
}

interface Spelled {
  readonly word: string;
  readonly letter: Letter;
}

/** A set of the graph's states. */
interface State {
  readonly members: readonly number[];
  /** Rows that end here. */
  readonly rows: readonly number[];
  /** No row goes on from here. */
  readonly isLast: boolean;
  /** By the number of the letter. */
  readonly next: Map<number, Way>;
}

interface Way {
  /** Null: no row goes on so. */
  readonly to: State | null;
  /** Steps of the graph. They are counted each time, so that the bound does not depend on what is remembered. */
  readonly steps: number;
}

export interface WordAutomaton {
  /** A row of choices, each choice some words, perhaps none. False: the row can be nothing at all, and is not taken. */
  add(choices: readonly (readonly (readonly string[])[])[], row: number): boolean;
  /** Calls for each row in the words, with its first word and the one behind its last. Returns the steps it took. */
  walk(words: readonly string[], found: (row: number, start: number, end: number) => void): number;
}

/** Rows are added first, texts walked then. */
export function wordAutomaton(): WordAutomaton {
  const wordIds = new Map<string, number>();
  /** By their first three letters. */
  const prefixes = new Map<string, { readonly prefix: string; readonly id: number }[]>();
  /** Per state: word id to the states it leads to. */
  const edges: Map<number, number[]>[] = [new Map()];
  const rowEndingAt = new Map<number, number>();
  let states = 1;

  /** The last word at each place. */
  const spelledBefore: (Spelled | undefined)[] = Array.from({ length: PLACES });
  const letters = new Map<string, Letter>();
  const sets = new Map<string, State>();
  let start = setOf([0]);
  let ways = 0;

  const wordId = (word: string): number => {
    const known = wordIds.get(word);
    if (known !== undefined) return known;
    const id = wordIds.size + 1;
    wordIds.set(word, id);
    if (word.endsWith("*")) {
      const prefix = word.slice(0, -1);
      const list = prefixes.get(prefix.slice(0, 3)) ?? [];
      list.push({ prefix, id });
      prefixes.set(prefix.slice(0, 3), list);
    }
    return id;
  };
  const connect = (from: number, word: string, to: number): void => {
    const id = wordId(word);
    const out = (edges[from] ??= new Map<number, number[]>());
    const next = out.get(id);
    if (next) next.push(to);
    else out.set(id, [to]);
  };
  /** Every choice leads from all states before it to one state after it. */
  const addChoice = (before: readonly number[], choice: readonly (readonly string[])[]): readonly number[] => {
    const after = states++;
    for (const words of choice) {
      let from = before;
      for (const [index, word] of words.entries()) {
        const to = index === words.length - 1 ? after : states++;
        for (const state of from) connect(state, word, to);
        from = [to];
      }
    }
    return choice.some((words) => words.length === 0) ? [...before, after] : [after];
  };

  return {
    add(choices, row) {
      const frontier = choices.reduce<readonly number[]>(addChoice, [0]);
      if (frontier.includes(0)) return false;
      for (const state of frontier) rowEndingAt.set(state, row);
      return true;
    },
    walk,
  };

  function walk(words: readonly string[], found: (row: number, start: number, end: number) => void): number {
    const spelled = words.map(letterOf);
    let steps = 0;
    for (let from = 0; from < spelled.length && steps < MAX_STEPS; from++) {
      const opening = spelled[from]!;
      if (opening.ids.length === 0) continue;
      let way = (opening.first ??= wayFrom(start, opening));
      steps += way.steps;
      for (let at = from + 1; way.to !== null; at++) {
        const state: State = way.to;
        for (const row of state.rows) found(row, from, at);
        const letter = spelled[at];
        if (letter === undefined || letter.ids.length === 0) break;
        if (state.isLast) {
          steps += state.members.length * letter.ids.length;
          break;
        }
        way = state.next.get(letter.number) ?? wayFrom(state, letter);
        steps += way.steps;
      }
    }
    return steps;
  }

  function letterOf(word: string): Letter {
    // A string that was just cut out of a text costs more to look up in a map than to compare.
    const place = placeOf(word);
    const before = spelledBefore[place];
    if (before !== undefined && before.word === word) return before.letter;
    const letter = findLetter(word);
    spelledBefore[place] = { word, letter };
    return letter;
  }

  function findLetter(word: string): Letter {
    const id = wordIds.get(word);
    const ids = id === undefined ? [] : [id];
    for (const { prefix, id: prefixId } of prefixes.get(word.slice(0, 3)) ?? [])
      if (word.startsWith(prefix)) ids.push(prefixId);
    const key = ids.join();
    const letter = letters.get(key) ?? { number: letters.size, ids, first: null };
    letters.set(key, letter);
    return letter;
  }

  function wayFrom(state: State, { number, ids }: Letter): Way {
    const reached = new Set<number>();
    let steps = 0;
    for (const member of state.members)
      for (const id of ids) {
        steps++;
        for (const next of edges[member]?.get(id) ?? []) {
          steps++;
          reached.add(next);
        }
      }
    const way = { to: reached.size === 0 ? null : setOf([...reached]), steps };
    if (++ways > MAX_WAYS) {
      ways = 0;
      sets.clear();
      start = setOf([0]);
      for (const letter of letters.values()) letter.first = null;
    }
    state.next.set(number, way);
    return way;
  }

  function setOf(reached: readonly number[]): State {
    // In one order, so that an answer does not depend on which text came first.
    const members = reached.toSorted((a, b) => a - b);
    const key = members.join();
    const known = sets.get(key);
    if (known) return known;
    const rows = members.flatMap((member) => rowEndingAt.get(member) ?? []);
    const isLast = members.every((member) => edges[member] === undefined);
    const state: State = { members, rows, isLast, next: new Map() };
    sets.set(key, state);
    return state;
  }
}

function placeOf(word: string): number {
  let hash = word.length;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash, 31) + word.charCodeAt(at);
  return (hash ^ (hash >>> 13)) & (PLACES - 1);
}
