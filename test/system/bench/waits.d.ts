/** How often in a row the wire was waited for. */
export declare class Waits {
  sends(): number;
  reaches(turns: number): void;
  answers(): number;
  arrives(turns: number): void;
  get inARow(): number;
}
