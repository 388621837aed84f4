/** Every row. */
import type { Row } from '../rows.js';
import { accessRows } from './access.js';
import { configurationRows } from './configuration.js';
import { failoverRows } from './failover.js';
import { fieldRows } from './field.js';
import { hiddenRows } from './hidden.js';
import { hostRows } from './hosts.js';
import { keepingRows } from './keeping.js';
import { managerRows } from './manager.js';
import { networkRows, wrongServerRows } from './network.js';
import { nextStartRows } from './next-start.js';
import { preflightRows } from './preflight.js';
import { roomRows } from './room.js';
import { stateRows } from './state.js';
import { unfitRows } from './unfit.js';
import { unusualRows } from './unusual.js';

/** In the order in which they are tried. */
export const allRows: readonly Row[] = [
  ...preflightRows,
  ...unusualRows,
  ...stateRows,
  ...fieldRows,
  ...hostRows,
  ...networkRows,
  ...wrongServerRows,
  ...unfitRows,
  ...accessRows,
  ...configurationRows,
  ...nextStartRows,
  ...roomRows,
  ...keepingRows,
  ...hiddenRows,
  ...managerRows,
  ...failoverRows,
];
