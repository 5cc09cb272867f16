/** What the library alone can do: reads messages and says 250. Prints its port. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  onData(stream, _session, callback) {
    stream.on("end", () => callback(null)).resume();
  },
});
server.listen(0, "127.0.0.1", () => console.log((server.server.address() as AddressInfo).port));
