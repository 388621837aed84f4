/** What package.json says of the program. */
import { describe, expect, it } from 'vitest';
import { problemsTo, tool } from '../../src/core/version.js';

describe('package.json', () => {
  it('names the program', () => {
    expect(tool()).toEqual({ name: 'pairflight', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it.each([
    [{ bugs: 'https://example.org/bugs' }, 'https://example.org/bugs'],
    [{ bugs: { url: 'https://example.org/bugs' } }, 'https://example.org/bugs'],
    [{ bugs: {} }, undefined],
    [{}, undefined],
  ])('says where bugs are reported, or nothing: %j', (read, address) => {
    expect(problemsTo(read)).toBe(address);
  });
});
