/** Pairs of PostgreSQL 18. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(18, allRows);
