/** Pairs of PostgreSQL 16. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(16, allRows);
