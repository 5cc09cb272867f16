/** What one client may ask of the listener. Each comment says what exceeding the limit does. */
import { z } from "zod";

const seconds = (max: number) => z.number().min(0.05).max(max);
const count = z.number().int().min(1);

/** The `smtp` section of bounced.yaml. */
export const smtpLimitsSchema = z.strictObject({
  /** Connections at a time from one address: 421. */
  connectionsPerAddress: count.default(100),
  /** New connections a minute from one address: 421. */
  connectionsPerMinute: count.default(600),
  /** Addresses without these two limits: relays of your own. Trusted proxies have none either. */
  unlimited: z.array(z.string()).default(["127.0.0.1", "::1"]),
  /** RCPT TO a transaction: 452, RFC 5321 section 4.5.3.1.10. */
  recipients: count.default(100),
  /** Refused recipients a connection: 421. */
  refusedRecipients: count.default(20),
  /** RCPT for BATV and SRS addresses with a wrong hash, from one network a day: 451 for every such address from there. */
  badReturnPathsPerNetwork: count.default(50),
  /** The same from all networks together: 451 for every such address from anywhere. */
  badReturnPaths: count.default(1000),
  /** Commands between two accepted messages: 421. Enough for one full transaction. */
  commands: count.default(1000),
  /** From connecting to the end, PROXY header and TLS handshake included, when no message was accepted meanwhile: 421. */
  idleConnectionSeconds: seconds(86_400).default(600),
  /** From our last reply to the end of the next command line: 421, however many octets trickle in. */
  commandSeconds: seconds(3600).default(120),
  /** From 354 to the final dot: 421. */
  dataSeconds: seconds(3600).default(300),
  /** PROXY header: closed. */
  proxyHeaderSeconds: seconds(60).default(5),
  /** Making a message durable: 451. Shorter than any sender's patience. */
  acceptSeconds: seconds(5).default(4.5),
  /** Open sessions at shutdown: 421 at the next command, closed after this. */
  shutdownSeconds: seconds(600).default(15),
  /**
   * Lines that begin with a dot in one message: 554. Each costs the library a turn of the event loop, so that 20 MB of
   * them would take a core for 20 s.
   */
  dotLines: count.default(50_000),
});
export type SmtpLimits = z.infer<typeof smtpLimitsSchema>;

/** Longest command line, octets: RFC 5321's 512 and room for SMTPUTF8 and long VERP addresses. */
export const MAX_COMMAND_LENGTH = 2048;
