/** A pack's requirements.yaml. */

import type { Schema } from '../authoring/schemas.js';
import { object, text } from '../core/schema.js';

const names = { type: 'array', items: text, minItems: 1 };

export const requirementsSchema: Schema = {
  $id: 'https://pairflight.dev/schema/requirements/1',
  title: 'pairflight requirements (what the documents ask for, and what answers it)',
  ...object(
    {
      requirements: {
        type: 'array',
        minItems: 1,
        items: object(
          {
            asks: text,
            source: object({ doc: text, section: text }, ['doc', 'section']),
            rules: names,
            not_verified: names,
          },
          ['asks', 'source'],
        ),
      },
    },
    ['requirements'],
  ),
};
