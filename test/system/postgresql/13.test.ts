/** Pairs of PostgreSQL 13. */

import { allRows } from './rows/all.js';
import { judgeRows } from './rows.js';

judgeRows(13, allRows);
