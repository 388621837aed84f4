/** Pairs of PostgreSQL 15. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(15, allRows);
