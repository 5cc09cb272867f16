import type { DemoRefusal } from "./refusals.ts";

/** Answers that put delivery off. */
export const DEMO_DEFERRALS: readonly Pick<DemoRefusal, "domain" | "host" | "status" | "text" | "stage">[] = [
  {
    domain: "purplemail.test",
    host: "mx1.purplemail.test",
    status: "4.7.0",
    text: "421 4.7.0 [TSS04] Messages from 192.0.2.10 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com.example/error-codes",
    stage: "end of DATA",
  },
  {
    domain: "bigmail.test",
    host: "mx1.bigmail.test",
    status: "4.7.28",
    text: "421 4.7.28 Gmail has detected an unusual rate of unsolicited email originating from your IP address. {id} - gsmtp",
    stage: "end of DATA",
  },
  {
    domain: "lakeside.example",
    host: "mx1.lakeside.example",
    status: "4.2.0",
    text: "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, try again in 300 seconds",
    stage: "RCPT TO",
  },
];
