/** What the protocols of mail servers have in common: requests are cut from what came, answers are text. */
import type { Answer, PolicyQuestion } from "../answer.ts";

export interface Request {
  /** Null: answered without the list. */
  readonly question: PolicyQuestion | null;
  /** What is written back. */
  readonly reply: (answer: Answer) => string;
}

export interface Cut {
  readonly request: Request;
  /** Characters of the buffer that it took. */
  readonly length: number;
}

export interface Protocol {
  readonly name: "delegation" | "socketmap" | "tcp_table" | "line";
  /** Whether the connection ends after one answer. */
  readonly once: boolean;
  /** Null while the request is not whole. Throws ProtocolError. The buffer has one character per octet. */
  cut(buffer: string): Cut | null;
}

/** What came is not of this protocol. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** Octets as UTF-8. */
export const textOf = (octets: string): string =>
  /[\x80-\xff]/.test(octets) ? Buffer.from(octets, "latin1").toString("utf8") : octets;
