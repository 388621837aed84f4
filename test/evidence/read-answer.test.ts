/** A probe's value out of what a host said: of the probe's own form, or none. */
import { expect, it } from 'vitest';
import { Unreadable } from '../../src/core/errors.js';
import { readAnswer } from '../../src/evidence/read-answer.js';
import type { AnyProbe } from '../../src/probes/define.js';

/** What comes of a probe that reads so. */
const read = (reading: () => unknown) =>
  readAnswer({ value: { type: 'object', required: ['bytes'] }, read: reading } as unknown as AnyProbe, {}, []);
const failing = (error: Error) =>
  read(() => {
    throw error;
  });

it("is a value of the probe's form", () => {
  expect(read(() => ({ bytes: 5 }))).toEqual({ value: { bytes: 5 } });
});

it('is none of another form', () => {
  expect(read(() => ({ size: 5 }))).toEqual({ reason: 'the answer has an unknown form: the key "bytes" is missing' });
});

it('is none where it cannot be read, with all that is known of the reason', () => {
  expect(failing(new Unreadable('is empty'))).toEqual({ reason: 'is empty' });
  expect(failing(new Unreadable('was refused', 'denied', 'context'))).toEqual({
    reason: 'was refused',
    problem: 'denied',
    at: 'context',
  });
});

it('hides no fault of the program', () => {
  expect(() => failing(new TypeError('broken'))).toThrow(new TypeError('broken'));
});
