// npm run example   (with `bounced serve` running; in a project of your own the import is from "bounced")
import { consume } from "../src/index.ts";

consume("bounce-hard", async (event) => {
  console.log(`stop sending to ${event.recipient.mailed}: ${event.explanation}`);
});
