/** How much of a report is told. What does not pass is told at every level, at the last one by rule. */
export interface Detail {
  /** Whose commands are shown with the beginnings of their answers: of all findings, of those that do not pass, of none. */
  answers: 'all' | 'failing' | 'none';
  /** Whether findings that pass or do not apply are listed. */
  passing: boolean;
  /** What does not pass: a row each and everything that is known of it, the row alone, or a line for each rule. */
  failing: 'full' | 'rows' | 'rules';
  /** Characters of one message or value. */
  text: number;
  /** Changes that are listed. */
  changes: number;
}
