/** Pairs of PostgreSQL 12. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(12, allRows);
