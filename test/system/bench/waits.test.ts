/** Turns are counted by what had arrived before what was sent. Each letter is a moment: q sent, Q reached the host, a sent by it, A arrived. */
import { expect, it } from 'vitest';
import { Waits } from './waits.js';

function turns(moments: string): number {
  const waits = new Waits();
  const [asked, answered]: number[][] = [[], []];
  for (const moment of moments.replaceAll(' ', '')) {
    if (moment === 'q') asked?.push(waits.sends());
    else if (moment === 'Q') waits.reaches(asked?.shift() ?? 0);
    else if (moment === 'a') answered?.push(waits.answers());
    else waits.arrives(answered?.shift() ?? 0);
  }
  return waits.inARow;
}

it.each([
  ['nothing', '', 0],
  ['a host that greets first', 'aA', 0],
  ['one question and its answer', 'qQaA', 1],
  ['three, each after the answer before', 'qQaA qQaA qQaA', 3],
  ['three at once', 'qqq QQQ aaa AAA', 1],
  ['an answer in many pieces', 'qQ aaa AAA', 1],
  ['two rows side by side, each of two', 'qq QQ aa AA qq QQ aa AA', 2],
  ['a question that was on its way before an answer arrived', 'qQ a q A Q a A', 1],
  ['an answer that was on its way before a question arrived', 'qQaA q a A Q a A', 2],
  ['a question without an answer', 'qQaA qQ', 1],
])('%s', (_, moments, waited) => {
  expect(turns(moments)).toBe(waited);
});
