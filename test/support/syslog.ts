/** A syslog of one socket, for a server that writes its log nowhere else. Node has no datagram sockets of Unix: Python's. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";

export interface Syslog {
  /** As syslogd writes it to a file, host name included. */
  text(): string;
  stop(): Promise<void>;
}

const PROGRAM = `
import os, re, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
print("ready", flush=True)
while True:
    line = s.recv(65536).decode("utf-8", "replace").rstrip("\\0\\n")
    print(re.sub(r"^<\\d+>(.{15}) ", r"\\1 mta ", line), flush=True)
`;

export async function startSyslog(path: string): Promise<Syslog> {
  rmSync(path, { force: true });
  const child = spawn("python3", ["-c", PROGRAM, path], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(child.stdout, "data");
  return {
    text: () => text.replace("ready\n", ""),
    async stop() {
      child.kill();
      await once(child, "close");
      rmSync(path, { force: true });
    },
  };
}
