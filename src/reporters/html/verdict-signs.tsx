/** Verdicts as a reader sees them: a shape, a word and a colour, so that none of them alone carries the meaning. */
import type { Gate, Report } from '../../core/model.js';
import type { Standing } from '../words/finding.js';

/** Each verdict's word and shape; the order is the one in which they are counted. */
export const marks = {
  fail: { word: 'FAIL', shape: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z', sign: 'M5.5 5.5l5 5m0-5l-5 5' },
  error: { word: 'ERROR', shape: 'M1.5 1.5h13v13h-13z', sign: 'M8 4v4.5m0 2.6v.6' },
  unknown: {
    word: 'unknown',
    shape: 'M6.8 1.9a1.4 1.4 0 0 1 2.4 0l6.2 10.9a1.4 1.4 0 0 1-1.2 2.1H1.8a1.4 1.4 0 0 1-1.2-2.1z',
    sign: 'M6.5 7.2a1.5 1.5 0 1 1 2.2 1.3q-.7.4-.7 1.2m0 2.2v.1',
  },
  deferred: { word: 'deferred', shape: 'M1 3h9l5 5-5 5H1z', sign: 'M4.5 8h6m-2.5-2.5L10.5 8 8 10.5' },
  'not-in-plan': { word: 'not in a plan', shape: 'M8 2.5a5.5 5.5 0 1 1 0 11A5.5 5.5 0 0 1 8 2.5z', sign: 'M8 7.5v1' },
  waived: { word: 'waived', shape: 'M1 4.5h14v7H1z', sign: 'M4 9q2-3.4 4-1t4-1' },
  pass: { word: 'pass', shape: 'M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8z', sign: 'M4.6 8.3l2.4 2.4 4.4-5' },
  skip: { word: 'skip', shape: 'M8 2.5a5.5 5.5 0 1 1 0 11A5.5 5.5 0 0 1 8 2.5z', sign: 'M5.3 8h5.4' },
} as const satisfies Record<Standing, { word: string; shape: string; sign: string }>;

/** All verdicts, in the order of `marks`. */
export const standings = Object.keys(marks) as Standing[];

/** The shape of a verdict, for beside its word. */
export function Icon({ standing }: { standing: Standing }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path class="shape" d={marks[standing].shape} />
      <path class="sign" d={marks[standing].sign} />
    </svg>
  );
}

/** Shape and word of a verdict. */
export function Mark({ standing }: { standing: Standing }) {
  return (
    <span class={`mark is-${standing}`}>
      <Icon standing={standing} /> {marks[standing].word}
    </span>
  );
}

/** What the gate came to as far as the whole run goes: one that was interrupted proves nothing. */
export function gateShown({ run }: Report): Gate {
  return run.interrupted && run.gate === 'passed' ? 'incomplete' : run.gate;
}

const signs = {
  failed: { shape: 'M20 3h24l17 17v24L44 61H20L3 44V20z', sign: 'M22 22l20 20m0-20L22 42', color: '%23a61b12' },
  incomplete: {
    shape: 'M32 4a4 4 0 0 1 3.5 2l26 47a4 4 0 0 1-3.5 6H6a4 4 0 0 1-3.5-6l26-47A4 4 0 0 1 32 4z',
    sign: 'M25.5 29a6.5 6.5 0 1 1 9.5 5.7q-3 1.6-3 5.3m0 8v1',
    color: '%23f5b921',
  },
  passed: { shape: 'M32 3a29 29 0 1 1 0 58A29 29 0 0 1 32 3z', sign: 'M18.5 33l9.5 9.5L46 22.5', color: '%2314673a' },
  declared: { shape: 'M8 4h34l14 14v42H8z', sign: 'M20 26h24M20 37h24M20 48h14', color: '%230d6478' },
} as const satisfies Record<Gate, { shape: string; sign: string; color: string }>;

/** The gate's sign: stop, attention, or go. */
export function Sign({ gate }: { gate: Gate }) {
  return (
    <svg class="sign-of-gate" viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
      <path class="shape" d={signs[gate].shape} />
      <path class="sign" d={signs[gate].sign} />
    </svg>
  );
}

/** The gate's sign as an address, for a browser's tab. */
export function iconAddress(gate: Gate): string {
  const { shape, sign, color } = signs[gate];
  const stroke = `fill='none' stroke='${gate === 'incomplete' ? 'black' : 'white'}' stroke-width='8' stroke-linecap='round'`;
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'%3E%3Cpath d='${shape}' fill='${color}'/%3E%3Cpath d='${sign}' ${stroke}/%3E%3C/svg%3E`;
}
