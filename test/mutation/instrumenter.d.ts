/** What is used of Stryker's instrumenter. */

interface Position {
  line: number;
  column: number;
}

/** A mutant; one with a status is not to be tried. Lines and columns begin at 0. */
interface Made {
  id: string;
  fileName: string;
  location: { start: Position; end: Position };
  replacement: string;
  status?: string;
}

export declare function instrumentFiles(
  files: { name: string; mutate: true; content: string }[],
  excludedMutations: string[],
): Promise<{ files: { name: string; content: string }[]; mutants: Made[] }>;
