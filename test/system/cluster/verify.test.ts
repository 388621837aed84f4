import { judgePhase } from './judging.js';
import { verifyRows } from './rows/verify.js';

judgePhase('verify', {}, verifyRows);
