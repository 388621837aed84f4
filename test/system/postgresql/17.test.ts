/** Pairs of PostgreSQL 17. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(17, allRows);
