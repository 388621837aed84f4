/** What a rule may ask of the row that it is judged on, by `row` and by `@port`: each property is one entry. Pure. */
import type { JsonSchema, PortRow } from '../core/model.js';
import { basis, portNumber, severity, text } from '../core/schema.js';

/** A row as it is judged in one direction: `from` and `to` are the roles of its ends, whether the table names them or means all. */
export type JudgedRow = PortRow & { neededInPhase: boolean };

/** A property of a row: its key, its schema, what it means in words, and what a row has that does not name it. */
export interface RowProperty {
  key: keyof JudgedRow;
  value: JsonSchema;
  says: string;
  otherwise?: unknown;
}

const number: RowProperty = { key: 'port', value: portNumber, says: 'this port' };
const flag: JsonSchema = { type: 'boolean' };

export const rowProperties: Record<string, RowProperty> = {
  number,
  port: number,
  name: { key: 'name', value: text, says: "this port's name" },
  must_listen: { key: 'mustListen', value: flag, says: 'something must listen on this port', otherwise: false },
  needed: { key: 'neededInPhase', value: flag, says: 'this phase needs this port' },
  from: { key: 'from', value: text, says: 'the role that connects' },
  to: { key: 'to', value: text, says: 'the role that listens' },
  severity: { key: 'severity', value: severity, says: "this port's severity" },
  basis: { key: 'basis', value: basis, says: "this port's basis" },
};
