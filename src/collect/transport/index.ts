/** What every transport is, and the one place that chooses among them. */
import type { Host } from '../../core/model.js';
import type { Transport, TransportOptions } from './transport.js';

export type { SecretVariables } from './input.js';

/** Opens the transport that the inventory names for a host; connects at the first command. */
export async function openTransport(host: Host, options: TransportOptions): Promise<Transport> {
  if (host.connection === 'local') {
    const { openLocal } = await import('./local.js');
    return openLocal(host, options);
  }
  if (host.connection === 'none') {
    const { openElsewhere } = await import('./none.js');
    return openElsewhere(host);
  }
  const { openSsh } = await import('./ssh.js');
  return openSsh(host, options);
}
