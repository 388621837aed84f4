/** Who runs a program on a played host, and where. */

import type { Machine, PlayedEndpoint } from '../file/machine.js';
import type { Answer } from './answer.js';

/** `root` is the directory that is `/` for it; `hosts` are all hosts of the scenario; `turn` counts from 0. */
export interface Runner {
  machine: Machine;
  hosts: readonly Machine[];
  endpoints: readonly PlayedEndpoint[];
  user: string;
  uid: number;
  root: string;
  /** How often the same was asked of this host before. */
  turn: number;
  /** What it reads. */
  input: string;
}

/** What a program prints for its words. */
export type Program = (words: string[], runner: Runner) => Answer;

/** The path on the host of a path that a runner names: a product's own root is a directory; /proc is mounted in both. */
export function onHost(path: string, { root }: Pick<Runner, 'root'>): string {
  return root === '/' || /^\/proc(\/|$)/.test(path) ? path : `${root}${path}`;
}
