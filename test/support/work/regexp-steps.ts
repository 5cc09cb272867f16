/**
 * How many steps a backtracking engine takes to run a regular expression: one for each character looked at, each place
 * at which a match is tried, and each way back. The engine of the runtime does not say; this one walks the parsed
 * pattern as ECMAScript's own matching algorithm does (ECMA-262, Pattern Semantics), with closures for continuations.
 */
import { RegExpParser, type AST } from "@eslint-community/regexpp";

type Continue = (at: number) => boolean;

interface Machine {
  text: string;
  steps: number;
  readonly captures: Map<AST.CapturingGroup, readonly [number, number] | undefined>;
}

interface Flags {
  readonly unicode: boolean;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly flags: string;
}

type CharacterElement = AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass;

const WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

const parser = new RegExpParser({ ecmaVersion: 2025 });

const isCharacter = (element: AST.Node): element is CharacterElement =>
  element.type === "Character" ||
  element.type === "CharacterSet" ||
  element.type === "CharacterClass" ||
  element.type === "ExpressionCharacterClass";

/** Returns a function that counts the steps of one execution from `from` on. */
export function stepCounter(
  expression: RegExp,
  exec: typeof RegExp.prototype.exec,
): (text: string, from: number) => number {
  const { source } = expression;
  const flags: Flags = {
    unicode: expression.unicode || expression.unicodeSets,
    ignoreCase: expression.ignoreCase,
    multiline: expression.multiline,
    flags:
      (expression.ignoreCase ? "i" : "") +
      (expression.unicodeSets ? "v" : expression.unicode ? "u" : "") +
      (expression.dotAll ? "s" : ""),
  };
  const pattern = parser.parsePattern(source, 0, source.length, {
    unicode: expression.unicode,
    unicodeSets: expression.unicodeSets,
  });
  const machine: Machine = { text: "", steps: 0, captures: new Map() };
  const start = compileAlternatives(pattern.alternatives, { machine, flags, exec, backward: false }, () => true);
  return (text, from) => {
    machine.text = text;
    machine.steps = 0;
    try {
      for (let at = from; at <= text.length; at++) {
        machine.steps++;
        if (start(at) || expression.sticky) break;
      }
    } catch (error) {
      // The stack is the only other bound: what has been counted so far is enough to see growth.
      if (!(error instanceof RangeError)) throw error;
    }
    return machine.steps;
  };
}

interface Compiling {
  readonly machine: Machine;
  readonly flags: Flags;
  readonly exec: typeof RegExp.prototype.exec;
  readonly backward: boolean;
}

function compileAlternatives(alternatives: readonly AST.Alternative[], compiling: Compiling, next: Continue): Continue {
  const compiled = alternatives.map(({ elements }) => compileSequence(elements, compiling, next));
  if (compiled.length === 1) return compiled[0]!;
  return (at) => {
    for (const alternative of compiled) if (alternative(at)) return true;
    return false;
  };
}

function compileSequence(elements: readonly AST.Element[], compiling: Compiling, next: Continue): Continue {
  let following = next;
  const order = compiling.backward ? elements : elements.toReversed();
  for (const element of order) following = compileElement(element, compiling, following);
  return following;
}

function compileElement(element: AST.Element, compiling: Compiling, next: Continue): Continue {
  const { machine } = compiling;
  if (isCharacter(element)) {
    const read = characterReader(element, compiling);
    return (at) => {
      machine.steps++;
      const after = read(at);
      return after >= 0 && next(after);
    };
  }
  switch (element.type) {
    case "Assertion":
      return compileAssertion(element, compiling, next);
    case "Group":
      return compileAlternatives(element.alternatives, compiling, next);
    case "CapturingGroup": {
      // Where each pass began: passes nest when the group is repeated.
      const starts: number[] = [];
      const body = compileAlternatives(element.alternatives, compiling, (at) => {
        const began = starts.pop()!;
        const before = machine.captures.get(element);
        machine.captures.set(element, [Math.min(began, at), Math.max(began, at)]);
        const matched = next(at);
        if (!matched) machine.captures.set(element, before);
        starts.push(began);
        return matched;
      });
      return (at) => {
        starts.push(at);
        const matched = body(at);
        starts.pop();
        return matched;
      };
    }
    case "Backreference":
      return (at) => {
        const group = Array.isArray(element.resolved) ? element.resolved[0]! : element.resolved;
        const [from, to] = machine.captures.get(group) ?? [0, 0];
        machine.steps += 1 + to - from;
        const same = (text: string): string => (compiling.flags.ignoreCase ? text.toLowerCase() : text);
        return (
          same(machine.text.slice(at, at + to - from)) === same(machine.text.slice(from, to)) && next(at + to - from)
        );
      };
    case "Quantifier":
      return compileQuantifier(element, compiling, next);
    default:
      throw new Error(`a part of patterns that is not counted: ${(element as AST.Node).type}`);
  }
}

function compileAssertion(assertion: AST.Assertion, compiling: Compiling, next: Continue): Continue {
  const { machine, flags } = compiling;
  const isLineEnd = (char: string | undefined): boolean => char !== undefined && "\n\r\u2028\u2029".includes(char);
  const isWord = (char: string | undefined): boolean => char !== undefined && WORD.includes(char);
  const holds = (at: number): boolean => {
    const { text } = machine;
    switch (assertion.kind) {
      case "start":
        return at === 0 || (flags.multiline && isLineEnd(text[at - 1]));
      case "end":
        return at === text.length || (flags.multiline && isLineEnd(text[at]));
      case "word":
        return (isWord(text[at - 1]) !== isWord(text[at])) !== assertion.negate;
      default:
        return looked!(at) !== assertion.negate;
    }
  };
  const looked =
    assertion.kind === "lookahead" || assertion.kind === "lookbehind"
      ? compileAlternatives(
          assertion.alternatives,
          { ...compiling, backward: assertion.kind === "lookbehind" },
          () => true,
        )
      : null;
  return (at) => {
    machine.steps++;
    return holds(at) && next(at);
  };
}

/** Place behind the character, or -1 where it does not match. */
function characterReader(
  element: CharacterElement,
  { machine, flags, exec, backward }: Compiling,
): (at: number) => number {
  const known = new Map<number, boolean>();
  const native = new RegExp(`^(?:${element.raw})$`, flags.flags);
  const matches = (point: number): boolean => {
    let result = known.get(point);
    if (result === undefined) {
      result = exec.call(native, String.fromCodePoint(point)) !== null;
      known.set(point, result);
    }
    return result;
  };
  return (at) => {
    const { text } = machine;
    if (!backward) {
      if (at >= text.length) return -1;
      const point = flags.unicode ? text.codePointAt(at)! : text.charCodeAt(at);
      return matches(point) ? at + (point > 0xffff ? 2 : 1) : -1;
    }
    if (at <= 0) return -1;
    let size = 1;
    let point = text.charCodeAt(at - 1);
    if (flags.unicode && point >= 0xdc00 && point <= 0xdfff && at > 1 && text.codePointAt(at - 2)! > 0xffff) {
      point = text.codePointAt(at - 2)!;
      size = 2;
    }
    return matches(point) ? at - size : -1;
  };
}

function compileQuantifier(
  { element, min, max, greedy }: AST.Quantifier,
  compiling: Compiling,
  next: Continue,
): Continue {
  const { machine } = compiling;
  if (isCharacter(element)) {
    const read = characterReader(element, compiling);
    return (from) => {
      const places = [from];
      let at = from;
      const advance = (): boolean => {
        if (places.length > max) return false;
        machine.steps++;
        const after = read(at);
        if (after < 0) return false;
        places.push((at = after));
        return true;
      };
      while (places.length <= min) if (!advance()) return false;
      if (!greedy) {
        do if (next(at)) return true;
        while (advance());
        return false;
      }
      while (advance());
      for (let count = places.length - 1; count >= min; count--) {
        machine.steps++;
        if (next(places[count]!)) return true;
      }
      return false;
    };
  }
  let passes = 0;
  let began = -1;
  const enter = (at: number, count: number): boolean => {
    // A pass that matches nothing ends the repetition.
    if (count > min && at === began) return false;
    const [outerPasses, outerBegan] = [passes, began];
    const again = (): boolean => {
      if (count >= max) return false;
      passes = count;
      began = at;
      const matched = body(at);
      [passes, began] = [outerPasses, outerBegan];
      return matched;
    };
    const leave = (): boolean => count >= min && next(at);
    const matched = greedy ? again() || leave() : leave() || again();
    [passes, began] = [outerPasses, outerBegan];
    return matched;
  };
  const body: Continue = compileElement(element, compiling, (at) => enter(at, passes + 1));
  return (at) => enter(at, 0);
}
