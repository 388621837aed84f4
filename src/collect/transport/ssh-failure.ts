/** Why an SSH connection is not there, in words for the person who wants it. */
import type { Authentication } from './auth.js';
import { Failure } from './channel.js';
import { nameOf, type Target } from './ssh-target.js';

/** A connection that was there has ended. */
export function lostFailure(target: Target, why: string): Failure {
  return new Failure('unreachable', 'host', `the connection to ${nameOf(target)} was lost: ${why}`);
}

/** A host sends more than all that it was asked for. */
export function floodFailure(name: string): Failure {
  return new Failure('unreachable', 'host', `${name} sends more than was asked for; the connection was ended`);
}

/** The part of ssh2 that an error comes from. */
export function levelOf(error: Error): string {
  return 'level' in error ? String(error.level) : '';
}

/** Why no connection came about. */
export function failureOf(error: Error, target: Target, auth: Authentication): Failure {
  const code = 'code' in error ? String(error.code) : '';
  const name = nameOf(target);
  if (levelOf(error) === 'client-authentication' || /authentication failures|not allowed/i.test(error.message)) {
    return new Failure('denied', 'host', `${name} refused the login of ${target.user}: ${auth.summary}`);
  }
  const why = WHY[code] ?? (error.message.split('\n')[0] || code || 'unknown reason');
  const other = /no matching/i.test(why) ? `; --transport openssh may know what ssh2 does not` : '';
  return new Failure('unreachable', 'host', `cannot connect to ${name}: ${why}${other}`);
}

const WHY: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve just now',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ECONNRESET: 'the host reset the connection',
};
