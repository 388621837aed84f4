/** Two reports of a fleet, compared. */

/** A text without what differs from run to run: times, and the run's id. */
export function timeless(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"durationMs": [\d.]+/g, '"durationMs": 0')
    .replaceAll(/"id": "[^"]+"/g, '"id": "ID"');
}
