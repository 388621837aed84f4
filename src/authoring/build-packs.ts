/** The last step of a build: reads and checks the packs that pairflight brings, and keeps what came of it. */
import { rmSync } from 'node:fs';
import { writeChecked } from '../pack/cache.js';
import { allPacks } from '../pack/load.js';

rmSync(new URL('./checked/', import.meta.url), { recursive: true, force: true });
writeChecked(allPacks());
