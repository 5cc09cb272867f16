/** The example of every cell of the matrix is read as what the cell says. */
import { expect, test } from "vitest";
import { clausesOf } from "../../../src/core/classify/facts/clauses.ts";
import { factCandidates, factName, inOrder } from "../../../src/core/classify/candidates.ts";
import { readFacts } from "../../../src/core/classify/facts/facts.ts";
import { MATRIX } from "../../../src/core/knowledge/matrix.ts";
import type { Predicate } from "../../../src/core/knowledge/facts.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const { lexicon } = loadRules();

const cells = Object.entries(MATRIX).flatMap(([predicate, row]) =>
  Object.entries(row).map(([subject, cell]) => ({ predicate: predicate as Predicate, subject, ...cell })),
);

test("every cell's example says what the cell says", () => {
  const wrong = cells.flatMap(({ predicate, subject, reason, example }) => {
    const facts = readFacts(clausesOf(example), lexicon, "recipient");
    const [best] = inOrder(factCandidates(facts));
    const said = facts.some(
      (fact) => fact.predicate === predicate && (subject === "any" || (fact.subject ?? "none") === subject),
    );
    return said && best?.reason === reason
      ? []
      : [`${subject} ${predicate}: "${example}" is ${facts.map(factName).join(", ")}: ${best?.reason}, not ${reason}`];
  });
  expect(wrong).toEqual([]);
});

test("what may delete an address is said of a mailbox, a domain or nobody in particular", () => {
  const subjects = cells.filter(({ weight }) => weight === "hard").map(({ subject }) => subject);
  expect(new Set(subjects)).toEqual(new Set(["recipient", "address", "domain", "host", "none", "any"]));
});
