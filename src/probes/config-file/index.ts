/** Keys of a YAML file, as Java programs read one. */

import { yamlLeaves } from '../yaml-leaves.js';
import { pickingProbe } from './answer.js';

/**
 * `keys` has the picked values by name: what the file says, or the pick's default (`defaulted` names those). A key that is in
 * neither is named in `absent` alone. A placeholder, a spelling that not every program takes, or a file that cannot be parsed is
 * no value, and the whole is not read.
 */
export const yamlFile = pickingProbe('yaml-file', 'The asked keys of a YAML file, secrets as tokens', yamlLeaves);
