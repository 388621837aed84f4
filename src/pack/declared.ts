/** The commands that a pack itself declares. */
import type { ExecAsk, HostRef } from '../core/model.js';
import type { Pack } from './pack.js';

/** A declared command is the same on every host. */
const nobody: HostRef = { name: '', role: '', address: '', connection: 'none' };

/** What a declared command asks, its settings not filled in yet; nothing of a probe that is pairflight's own. */
export function declaredAsks({ probes, declared }: Pick<Pack, 'probes' | 'declared'>, id: string): ExecAsk[] {
  if (!declared.has(id)) return [];
  return (probes.get(id)?.ask({}, nobody) ?? []).filter((ask) => ask.kind === 'exec');
}
