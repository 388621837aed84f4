/** Properties draw from one seed, so that a run says the same twice; PAIRFLIGHT_SEED=$RANDOM looks elsewhere. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PAIRFLIGHT_SEED ?? 20_260_131) });
