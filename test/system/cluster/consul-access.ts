/**
 * Consul's access control, as far as reading goes. A right is `RESOURCE:read` or `RESOURCE:write` for every name of the resource; real
 * rules also take names and prefixes. Pages: "ACL Rules", "HTTP API Structure" (api-docs/api-structure), the upgrade notes of 1.12.
 *
 * A single key, and the agent itself, are refused with 403. Lists are not: what the token may not see is left out, in silence up to
 * 1.10, and from 1.11 with a header, which a request without a token does not get.
 */
import { atLeast } from './consul-shapes.js';

/** What a token may do; `write` holds `read`. */
export type Right = `${'key' | 'session' | 'node' | 'service' | 'agent'}:${'read' | 'write'}`;

/** How the servers decide. */
export interface Access {
  defaultPolicy: 'allow' | 'deny';
  /** Secret to rights; `anonymous` is who sends none. */
  tokens: Record<string, readonly Right[]>;
}

/** A refusal with status 403. */
export class Denied extends Error {}

/** One request's view of the rights. */
export class Gate {
  /** Set when a list was shortened. */
  filtered = false;

  constructor(
    private readonly access: Access | undefined,
    private readonly secret: string,
    private readonly version: string,
  ) {}

  /** A token that nobody knows is refused wherever a right is asked for, and nowhere else. */
  may(right: Right): boolean {
    if (!this.access) return true;
    if (this.secret !== '' && !(this.secret in this.access.tokens)) throw new Denied('ACL not found');
    const rights = this.access.tokens[this.secret === '' ? 'anonymous' : this.secret];
    if (rights === undefined || (this.secret === '' && rights.length === 0))
      return this.access.defaultPolicy === 'allow';
    return rights.includes(right) || rights.includes(right.replace('read', 'write') as Right);
  }

  /** Passes, or refuses in the words of the version. */
  demand(right: Right, name: string): void {
    if (this.may(right)) return;
    if (!atLeast(this.version, '1.12.0')) throw new Denied('Permission denied');
    const lacks = `lacks permission '${right}' on "${name}"`;
    throw new Denied(
      this.secret === ''
        ? `Permission denied: anonymous token ${lacks}. The anonymous token is used implicitly when a request does not specify a token.`
        : `Permission denied: token with AccessorID '2a0b1d3c-4e5f-6071-8293-a4b5c6d7e8f9' ${lacks}`,
    );
  }

  /** The list, or nothing of it. */
  sift<T>(list: T[], ...rights: Right[]): T[] {
    if (rights.every((right) => this.may(right))) return list;
    if (list.length > 0) this.filtered = true;
    return [];
  }

  get headers(): Record<string, string> {
    const tells = this.filtered && this.secret !== '' && atLeast(this.version, '1.11.0');
    return tells ? { 'X-Consul-Results-Filtered-By-ACLs': 'true' } : {};
  }
}
