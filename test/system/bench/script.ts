/** The script of docs/bench.md, its part that runs on a host, and whether it was told what it asks. */
import { readFileSync } from 'node:fs';

const manual = new URL('../../../docs/bench.md', import.meta.url);

/** The script that one would write by hand. */
export const script: string = /```sh\n([\s\S]*?)```/.exec(readFileSync(manual, 'utf8'))?.[1] ?? '';

/** What of it runs on a host; `$1` is the host's peer. */
export const onHost: string = /<<'END'\n([\s\S]*?\n)END\n/.exec(script)?.[1] ?? '';

/** The rules that judge what the script asks. */
export const sameFacts: readonly string[] =
  `data-partition-same-size install-space-same-size backup-partition-same-size same-cpu-count same-memory same-kernel
  same-operating-system same-version data-disk-cache backup-disk-cache standalone-mode ha-ports-reachable screen-available`
    .split(/\s+/)
    .map((id) => `alation/${id}`);

const told = [
  /MemTotal: +\d/g,
  /PRETTY_NAME=/g,
  /ALATION_BUILD_VERSION = \d/g,
  /replication_mode = standalone/g,
  /\/rsync|rsync True/g,
];

/** Whoever asked, somebody answered as often as there are hosts. @throws where it is not so */
export function demandFacts(who: string, said: string, hosts: number): void {
  for (const one of told)
    if ((said.match(one)?.length ?? 0) < hosts)
      throw new Error(`${who} was not told ${one} by ${hosts} hosts:\n${said}`);
}
