// Sends with the transport of docs/stacks/nodemailer.md.
import { transport } from "./transport.mjs";

const { FINE: fine, GONE: gone } = process.env;
for (const to of [fine, gone, [fine, gone]]) {
  const mail = { from: "News <news@shop.example>", to, subject: "Hello", text: "Hello.", campaign: "spring" };
  await transport.sendMail(mail).catch(({ message }) => console.log(message));
}
