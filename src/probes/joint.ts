/** How the answers of several hosts are read together: the form of one way. */
import type { JsonSchema } from '../core/model.js';

/** One way: what it takes, and what it makes of it. */
export interface Joint {
  title: string;
  /** The names of what it takes. */
  sources: readonly string[];
  /** The schemas of the value's properties. */
  value: Record<string, JsonSchema>;
  /** Out of what was read; a source that was not is `undefined`. @throws Unreadable where they make nothing */
  make(
    values: Readonly<Record<string, unknown>>,
    series: () => Readonly<Record<string, readonly unknown[] | undefined>>,
  ): Record<string, unknown>;
}
