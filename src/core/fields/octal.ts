/** Exim prints what is no ASCII as octets in octal: `b\303\274cher.example`. One reader for fields and for prose. */
import { guessText } from "./charset.ts";

const RUN = /(?:\\[23][0-7]{2}){2,400}/g;

/** Text without such runs comes back as it is. */
export const decodeOctal = (text: string): string =>
  text.includes("\\2") || text.includes("\\3")
    ? text.replace(RUN, (run) =>
        guessText(Uint8Array.from(run.slice(1).split("\\"), (digits) => Number.parseInt(digits, 8))),
      )
    : text;
