/** Five weeks of returned mail, oldest first; the same for the same moment and keys. */
import { createReturnPath } from "../return-path/create.ts";
import type { ReturnPathSettings } from "../return-path/settings.ts";
import { DEMO_DEFERRALS } from "./deferrals.ts";
import { createDice, type Dice } from "./dice.ts";
import { ABSENCES, absenceReply, complaint, eximReport, postfixReport, type DemoMail } from "./messages.ts";
import { DEMO_REFUSALS, type DemoRefusal } from "./refusals.ts";

export const DEMO_DOMAIN = "bounces.shop.test";
export const DEMO_DAYS = 35;
export const DEMO_TAGS = ["receipts", "weekly-news", "spring-offers"] as const;

export interface DemoArrival {
  readonly at: Date;
  readonly octets: Buffer;
  /** Where it came in. */
  readonly forwardPath: string;
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const FIRST =
  "agnes bruno clara dario edda frida gustav hilde malin nora ottilie pavel anna ben carla david elif felix greta hugo ines jonas karin luca marta nils olga pablo rosa samir tessa yuri";
const LAST =
  "adler berg costa dietz eriksen fischer garcia hansen ito jansen keller lange meyer novak olsen petit rossi sato toth vogt";
const SUBJECTS: Readonly<Record<(typeof DEMO_TAGS)[number], string>> = {
  receipts: "Your order has shipped",
  "weekly-news": "News of the week",
  "spring-offers": "Twenty per cent off this week only",
};
/** On this day a bought list was mailed, and the day after one provider refused us: what a chart is for. */
const BAD_LIST_AGE = 12;
const BLOCKED_AGE = 11;
/** In the hours before the present: one mailing whose DKIM signature is missing. An incident (docs/incidents.md). */
const UNSIGNED = { hours: 3, mails: 75 } as const;
/** Whose mailbox stays full. */
const FULL_FOR_WEEKS = ["oskar.winter@lakeside.example", "petra.sommer@lakeside.example", "wanda.herbst@bigmail.test"];

export function demoArrivals(now: number, settings: ReturnPathSettings): readonly DemoArrival[] {
  const dice = createDice(20_260_301);
  const arrivals: DemoArrival[] = [];
  let written = 0;
  const mailTo = (recipient: string, tag: (typeof DEMO_TAGS)[number], sentAt: Date): DemoMail => ({
    recipient,
    returnPath: createReturnPath({ domain: DEMO_DOMAIN, recipient, tag }, settings, sentAt),
    subject: SUBJECTS[tag],
    sentAt,
    id: `${(++written).toString(16).toUpperCase().padStart(4, "0")}${dice
      .below(2 ** 24)
      .toString(16)
      .toUpperCase()
      .padStart(6, "0")}`,
  });
  const arrive = (mail: DemoMail, at: Date, octets: Buffer, forwardPath = mail.returnPath): void =>
    void arrivals.push({ at, octets, forwardPath });
  const refused = (refusal: DemoRefusal, recipient: string, tag: (typeof DEMO_TAGS)[number], at: Date): void => {
    const mail = mailTo(recipient, tag, new Date(at.getTime() - 1000 * (2 + dice.below(600))));
    arrive(mail, at, dice.roll() < 0.7 ? postfixReport(mail, refusal, at) : eximReport(mail, refusal, at));
  };
  const people = peopleOf(dice);

  for (let age = DEMO_DAYS - 1; age >= 0; age--) {
    const day = now - age * DAY_MS;
    const at = (): Date => new Date(Math.floor((day - dice.below(20 * HOUR_MS)) / 1000) * 1000);
    const tag = (): (typeof DEMO_TAGS)[number] => dice.pick(DEMO_TAGS);
    const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
    const usual = (isWeekend ? 3 : 7) + dice.below(5);
    for (let n = 0; n < usual; n++) {
      const refusal = refusalOf(dice);
      refused(refusal, people(refusal.domain), tag(), at());
    }
    if (age === BAD_LIST_AGE)
      for (let n = 0; n < 40; n++) {
        const refusal = refusalOf(dice, ({ severity }) => severity === "hard");
        refused(refusal, people(refusal.domain), "spring-offers", at());
      }
    if (age === BLOCKED_AGE)
      for (let n = 0; n < 25; n++) {
        const refusal = refusalOf(dice, ({ id }) => id === "outlook-list" || id === "yahoo-policy");
        refused(refusal, people(refusal.domain), "weekly-news", at());
      }
    if (age % 5 === 0)
      for (const recipient of FULL_FOR_WEEKS)
        refused(
          refusalNamed(recipient.endsWith("bigmail.test") ? "google-full" : "dovecot-full"),
          recipient,
          "receipts",
          at(),
        );
    for (let n = dice.below(3); n > 0; n--) {
      const answer = DEMO_DEFERRALS[dice.below(DEMO_DEFERRALS.length)];
      if (!answer) continue;
      const when = at();
      const mail = mailTo(people(answer.domain), tag(), new Date(when.getTime() - 4 * HOUR_MS));
      arrive(mail, when, postfixReport(mail, answer, when, true));
    }
    for (let n = dice.below(3); n > 0; n--) {
      const when = at();
      const mail = mailTo(people("maple-books.example"), tag(), new Date(when.getTime() - 60_000));
      arrive(mail, when, absenceReply(mail, dice.pick(ABSENCES), when));
    }
    if (dice.roll() < 0.4) {
      const when = at();
      const mail = mailTo(people("purplemail.test"), "spring-offers", new Date(when.getTime() - 9 * HOUR_MS));
      arrive(mail, when, complaint(mail, when));
    }
    if (age % 7 === 3) {
      // Forged: it names no return path that was signed here.
      const when = at();
      const forged = `bounce@${DEMO_DOMAIN}`;
      const mail = { ...mailTo(people("bigmail.test"), "receipts", when), returnPath: forged };
      arrive(mail, when, postfixReport(mail, refusalNamed("google-unknown"), when));
    }
  }
  for (let n = 0; n < UNSIGNED.mails; n++) {
    const age = Math.floor((dice.roll() * UNSIGNED.hours * HOUR_MS) / 1000) * 1000;
    refused(refusalNamed("google-dmarc"), people("bigmail.test"), "spring-offers", new Date(now - age));
  }
  return arrivals.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function refusalOf(dice: Dice, isWanted: (refusal: DemoRefusal) => boolean = () => true): DemoRefusal {
  const wanted = DEMO_REFUSALS.filter(isWanted);
  let left = dice.roll() * wanted.reduce((sum, { weight }) => sum + weight, 0);
  const found = wanted.find(({ weight }) => (left -= weight) < 0) ?? wanted[0];
  if (!found) throw new RangeError("no refusal of that kind");
  return found;
}

const refusalNamed = (id: string): DemoRefusal => {
  const found = DEMO_REFUSALS.find((refusal) => refusal.id === id);
  if (!found) throw new RangeError(`no refusal ${id}`);
  return found;
};

/** Nobody twice: who was suppressed gets no more mail. */
function peopleOf(dice: Dice): (domain: string) => string {
  const names = FIRST.split(" ").flatMap((first) => LAST.split(" ").map((last) => `${first}.${last}`));
  return (domain) => {
    const [name] = names.splice(dice.below(names.length), 1);
    if (name === undefined) throw new RangeError("the demo has run out of names");
    return `${name}@${domain}`;
  };
}
