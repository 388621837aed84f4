/** `reach`: how each host would be reached, and whether it can be. */
import type { Entrance } from '../../collect/entrance.js';
import type { Route } from '../../collect/transport/index.js';
import type { Command } from '../command.js';
import {
  firstPhase,
  flag,
  groups,
  inventory,
  json,
  phasesOf,
  type ReachOptions,
  reachOptions,
  type TargetOptions,
  targetOptions,
} from '../options.js';

/** A host: how it is reached, and with `--try` what came of it. */
export interface Reached extends Route {
  entrance?: Entrance;
}

/** `pairflight reach`: 0, or 3 when a host, or a context on it, cannot be entered. */
export const reach: Command = {
  name: 'reach',
  takes: '[inventory]',
  does: 'how each host is reached; with --try, whether it is',
  positionals: inventory,
  options: {
    ...firstPhase,
    ...json,
    try: flag('connect, and enter every context of the plan', groups.reach),
    ...targetOptions,
    ...reachOptions,
  },
  note: 'Without --try nobody is connected to; ssh is asked what the names mean. Exit code: 3 when a host cannot be entered.',
  examples: [
    { does: 'see the way to each host', run: 'pairflight reach' },
    { does: 'log in, and become whom the rules need', run: 'pairflight reach --try' },
  ],
  async run(options: TargetOptions & ReachOptions & { phase?: string; json: boolean; try: boolean }) {
    const [
      { enter },
      { Transports },
      { planSteps },
      { contextsOf },
      { makeSecrets },
      session,
      { write },
      { readTarget },
    ] = await Promise.all([
      import('../../collect/entrance.js'),
      import('../../collect/transport/index.js'),
      import('../../plan/steps.js'),
      import('../../plan/text.js'),
      import('../secrets.js'),
      import('../session.js'),
      import('../deliver.js'),
      import('../target.js'),
    ]);
    const { scope, hosts: all } = readTarget(options, phasesOf(options));
    const hosts = all.filter(({ connection }) => connection !== 'endpoint');
    const secrets = makeSecrets(options.sudoPasswordEnv, hosts);
    const warn = (words: string) => void process.stderr.write(`pairflight: ${words}\n`);
    const transports = new Transports(session.transportOptions(options, secrets, warn));
    const contexts = contextsOf(planSteps(scope, session.timeoutOf(options)));
    const reached = await Promise.all(
      hosts.map(async (host): Promise<Reached> => {
        const route = await transports.routeTo(host);
        if (!options.try || route.by === 'none') return route;
        const wanted = contexts.filter((one) => one.host === host.name).map(({ host: _, ...context }) => context);
        return { ...route, entrance: await enter(await transports.open(host), wanted) };
      }),
    );
    const shown = options.json ? `${JSON.stringify(reached, null, 2)}\n` : await reachedText(reached);
    await write(shown);
    return reached.some(({ entrance }) => entrance?.refused) ? 3 : 0;
  },
};

async function reachedText(reached: readonly Reached[]): Promise<string> {
  const { escapeForTerminal } = await import('../../core/escape.js');
  return `${reached.flatMap(reachedLines).map(escapeForTerminal).join('\n')}\n`;
}

/** A host's way and entrance, as lines. */
export function reachedLines({ host, by, why, login, jumps = [], ssh, knownHosts = [], entrance }: Reached): string[] {
  if (by === 'none') return [`${host}: is asked from another machine (connection: none)`];
  const where = login ? `${loginText(login)}, by ${by} (${why})` : 'this machine (connection: local)';
  return [
    `${host}: ${where}`,
    ...jumps.map((jump) => `  by the jump host ${jump}`),
    ...(knownHosts.length > 0 ? [`  known_hosts: ${knownHosts.join(' ')}`] : []),
    ...(entrance ? [entranceText(entrance), ...nextLines(entrance, ssh)] : []),
  ];
}

const loginText = ({ hostname, port, user }: NonNullable<Route['login']>) =>
  `${user}@${hostname}${port === 22 ? '' : ` port ${port}`}`;

function entranceText({ entered, refused, durationMs }: Entrance): string {
  const who = entered.map(({ as, user }) => `${as} (${user})`).join(', ');
  const took = `${(durationMs / 1000).toFixed(1)} s`;
  if (refused === undefined) return entered.length === 0 ? '  nothing is asked of it' : `  entered in ${took}: ${who}`;
  const words = refused.message.trim().replace(/\s+/g, ' ');
  return `  ${refused.problem} as ${refused.as} after ${took}: ${words}${who && `; entered: ${who}`}`;
}

/** What a person would try by hand: the login itself, or sudo on the host. */
function nextLines({ refused }: Entrance, ssh: string | undefined): string[] {
  if (refused === undefined || ssh === undefined) return [];
  return [`  try: ${ssh} ${refused.at === 'host' || refused.as === 'login' ? 'id -un' : 'sudo -n true'}`];
}
