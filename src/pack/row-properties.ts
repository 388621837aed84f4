/** What a rule may ask of the row that it is judged on, by `row` and by `@port`: each property is one entry. Pure. */
import type { JsonSchema, PortRow } from '../core/model.js';
import { basis, portNumber, severity, text } from '../core/schema.js';

/** A row as it is judged on one direction: `from` and `to` are the roles of its ends, whether the table names them or means all. */
export type JudgedRow = PortRow & {
  /** Whether the run's phase needs this direction. */
  neededInPhase: boolean;
};

/** A property of a row. */
export interface RowProperty {
  /** Where the value stands. */
  key: keyof JudgedRow;
  value: JsonSchema;
  /** What a row that does not name it has; without this the row has no value then. */
  otherwise?: unknown;
  /** What is meant, in words. */
  says: string;
}

const number: RowProperty = { key: 'port', value: portNumber, says: 'this port' };

export const rowProperties: Record<string, RowProperty> = {
  number,
  port: number,
  name: { key: 'name', value: text, says: "this port's name" },
  must_listen: {
    key: 'mustListen',
    value: { type: 'boolean' },
    otherwise: false,
    says: "this port's must_listen",
  },
  needed: { key: 'neededInPhase', value: { type: 'boolean' }, says: "this phase's need of this port" },
  from: { key: 'from', value: text, says: 'the role that connects' },
  to: { key: 'to', value: text, says: 'the role that listens' },
  severity: { key: 'severity', value: severity, says: "this port's severity" },
  basis: { key: 'basis', value: basis, says: "this port's basis" },
};

/** A property's value on a row; undefined where the row has none. */
export function rowValue(row: JudgedRow, { key, otherwise }: RowProperty): unknown {
  return row[key] ?? otherwise;
}
