/** What marks a shell, a question or a prompt. */
import { randomBytes } from 'node:crypto';

/** Made anew each time, from what nobody on the host can know before it is told. */
export const makeNonce = () => randomBytes(16).toString('hex');
