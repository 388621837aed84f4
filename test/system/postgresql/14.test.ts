/** Pairs of PostgreSQL 14. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(14, allRows);
