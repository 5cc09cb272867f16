/** What the supervisor and its processes say to each other over their IPC channel. */
import type { ProcessState, Role } from "../client/service.ts";
import type { MetricFamily } from "../telemetry/metrics.ts";

export interface RoleNotes {
  readonly role: Role;
  readonly notes: readonly string[];
}

/** What each side may ask the other. */
export interface Answers {
  readonly ping: true;
  /** Of the process asked. */
  readonly metrics: readonly MetricFamily[];
  /** Of all processes: asked of the supervisor. */
  readonly allMetrics: readonly (readonly MetricFamily[])[];
  readonly states: readonly ProcessState[];
}
export type ProcessQuestion = keyof Answers;

export type Message =
  /** To a process: start your roles. It has loaded its modules meanwhile. */
  | { readonly kind: "start" }
  /** To a process: finish what is in hand and end. */
  | { readonly kind: "stop" }
  | { readonly kind: "ready"; readonly notes: readonly RoleNotes[] }
  /** `isFinal`: starting it again would change nothing. */
  | { readonly kind: "failed"; readonly reason: string; readonly isFinal: boolean }
  /** To a process: read again what can be read again while it runs. */
  | { readonly kind: "reload" }
  | { readonly kind: "ask"; readonly id: number; readonly question: ProcessQuestion }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answers[ProcessQuestion] };

/**
 * How long each may take. The supervisor asks its processes before it answers for all of them: it must have given up on
 * one that is stuck before its own answer is given up on, or one stuck process would make all look so.
 */
const ANSWER_MS: Readonly<Record<ProcessQuestion, number>> = {
  ping: 1500,
  metrics: 1500,
  states: 4000,
  allMetrics: 4000,
};

export interface Conversation {
  /** Rejects when no answer comes in time. */
  ask<Asked extends ProcessQuestion>(question: Asked): Promise<Answers[Asked]>;
  /** Questions and answers are handled here; false for anything else. */
  hear(message: Message): boolean;
}

export function createConversation(
  send: (message: Message) => void,
  answer: (question: ProcessQuestion) => Promise<Answers[ProcessQuestion]>,
): Conversation {
  const asked = new Map<number, (answer: Answers[ProcessQuestion]) => void>();
  let lastId = 0;
  return {
    ask<Asked extends ProcessQuestion>(question: Asked) {
      const id = ++lastId;
      return new Promise<Answers[Asked]>((resolve, reject) => {
        const timer = setTimeout(() => {
          asked.delete(id);
          reject(new Error(`no answer in ${ANSWER_MS[question]} ms`));
        }, ANSWER_MS[question]);
        asked.set(id, (given) => {
          clearTimeout(timer);
          asked.delete(id);
          resolve(given as Answers[Asked]);
        });
        send({ kind: "ask", id, question });
      });
    },
    hear(message) {
      if (message.kind === "answer") asked.get(message.id)?.(message.answer);
      else if (message.kind === "ask")
        // No answer tells the other side that something is wrong.
        answer(message.question).then(
          (given) => send({ kind: "answer", id: message.id, answer: given }),
          () => undefined,
        );
      else return false;
      return true;
    },
  };
}
