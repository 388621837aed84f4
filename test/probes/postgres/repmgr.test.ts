/** repmgr's table, and its daemon's own words, as a rule takes them. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { closed } from '../../../src/probes/define.js';
import { type Repmgr, repmgrOf, repmgrSchema, repmgrValue } from '../../../src/probes/postgres/repmgr.js';

const primary = { id: 1, upstream: null, active: true, name: 'a', type: 'primary', priority: 100 };
const standby = { id: 2, upstream: 1, active: true, name: 'b', type: 'standby', priority: 100 };
const whole: Repmgr = { nodes: [primary, standby], daemon: { running: true, paused: false }, loaded: true };

function made(repmgr: Repmgr | null): object {
  expect(check(repmgrSchema, repmgr)).toEqual([]);
  const value = repmgrOf(repmgr);
  expect(check(closed(repmgrValue, Object.keys(repmgrValue)), value)).toEqual([]);
  return value;
}

describe('repmgr', () => {
  it('is not there', () => {
    expect(made(null)).toEqual({ managed: 'no' });
  });

  it('was not asked for', () => {
    expect(repmgrOf(undefined)).toEqual({});
  });

  it('tells its nodes, and whom each follows', () => {
    const others = [
      { ...standby, id: 3, name: 'c', upstream: 2 },
      { ...standby, id: 4, name: 'd', upstream: 9 },
      { ...primary, id: 5, name: 'e', active: false },
      { ...standby, id: 6, name: 'f', upstream: 5 },
    ];
    expect(made({ ...whole, nodes: [primary, standby, ...others] })).toMatchObject({
      managed: 'yes',
      nodes: ['nobody', 'the primary', 'another', 'another', 'nobody', 'another'].map((follows) => ({ follows })),
    });
  });

  it('hides its table', () => {
    expect(made({ ...whole, nodes: null })).toEqual({ managed: 'hidden', daemon: 'running' });
  });

  it.each<[string, Partial<Repmgr>, string | undefined]>([
    ['runs', {}, 'running'],
    ['is paused', { daemon: { running: true, paused: true } }, 'paused'],
    ['is dead', { daemon: { running: false, paused: true } }, 'dead'],
    ['does not say', { daemon: { running: null, paused: null } }, undefined],
    ['cannot be asked', { daemon: null }, undefined],
    ['is not meant to run', { daemon: null, loaded: false }, 'none'],
    ['may be meant to run', { daemon: null, loaded: null }, undefined],
  ])('has a daemon that %s', (_, told, daemon) => {
    expect((made({ ...whole, ...told }) as { daemon?: string }).daemon).toBe(daemon);
  });
});
